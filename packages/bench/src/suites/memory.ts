import { getHeapStatistics } from 'node:v8';
import { createFloor } from '../floors/create-floor.js';
import type { Work } from '../interleave.js';
import type { Row } from '../row.js';
import { median } from '../statistics.js';
import type { Scope, Suite } from '../suite.js';
import { pack, unpack } from '../world.js';
import { eachWorld } from './each-world.js';

export const memorySuite: Suite = {
  name: 'memory',
  about: 'bytes allocated for one message; needs node --expose-gc, which `pnpm bench` gives',
  run: scope =>
    eachWorld(scope, async function* ({ world, text, name }) {
      const { gc } = globalThis;
      if (gc === undefined) throw new Error('Start node with --expose-gc to measure allocation.');
      const floor = await createFloor(world);
      const transceiver = world.transceiver();
      const data = await pack(transceiver, world, world.bob.id, text);
      const row = async (step: string, ours: Work, bare: Work): Promise<Row> => {
        const used = await allocated(ours, gc, scope);
        const least = await allocated(bare, gc, scope);
        return {
          suite: 'memory',
          name: `${name} ${step}`,
          value: used,
          unit: 'B',
          floor: least,
          ratio: used / least,
        };
      };
      const unpackFresh = (): Promise<unknown> => {
        transceiver.forgetOpenedKeys();
        return unpack(transceiver, world, data);
      };
      yield await row(
        'pack',
        () => pack(transceiver, world, world.bob.id, text),
        () => floor.pack(text),
      );
      yield await row('unpack', unpackFresh, () => floor.unpack(data));
    }),
};

/**
 * Bytes of one run. Few runs at a time, so that most rounds end before the collector wakes up; where one run
 * fills what the engine gives to young objects, as BigInt arithmetic does, the figure is a rough one.
 */
async function allocated(work: Work, gc: () => void, { slowRounds }: Scope): Promise<number> {
  for (let run = 0; run < slowRounds * 30; run++) await work();
  const found: number[] = [];
  for (let round = 0; round < slowRounds; round++) {
    gc();
    const before = usedBytes();
    for (let run = 0; run < runs; run++) await work();
    found.push((usedBytes() - before) / runs);
  }
  return median(found);
}

const runs = 8;

/** On the heap and beside it: byte arrays lie outside. */
function usedBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
