import type { Transceiver } from '@dimp/core';
import { createFloor } from '../floors/create-floor.js';
import { interleave } from '../interleave.js';
import { timeRow } from '../row.js';
import { medianRatio } from '../statistics.js';
import type { Suite } from '../suite.js';
import { pack, reusedKeys, unpack, type World } from '../world.js';
import { eachWorld } from './each-world.js';
import { peerRows } from './peer-rows.js';

export const unpackSuite: Suite = {
  name: 'unpack',
  about: 'from the bytes of a package to the content, with a message key that is new and one seen before',
  run: scope =>
    eachWorld(scope, async function* ({ world, text, name, withPeers }) {
      const suite = 'unpack';
      const floor = await createFloor(world);
      const [once, again] = [world.transceiver(), world.transceiver()];
      const fresh = await packages(world, text, world.transceiver());
      const seen = await packages(world, text, world.transceiver(reusedKeys));
      const works = {
        fresh() {
          once.forgetOpenedKeys();
          return unpack(once, world, fresh.next());
        },
        floorFresh: () => floor.unpack(fresh.next()),
        seen: () => unpack(again, world, seen.next()),
        floorSeen: () => floor.unpackSeen(seen.next()),
      };
      const times = await interleave(works, scope);
      yield timeRow({ suite, name: `${name} fresh`, times: times.fresh, floor: times.floorFresh });
      yield timeRow({ suite, name: `${name} seen`, times: times.seen, floor: times.floorSeen });
      yield {
        suite,
        name: `${name} fresh over seen`,
        value: medianRatio(times.fresh, times.seen),
        unit: 'x',
        floor: medianRatio(times.floorFresh, times.floorSeen),
      };
      if (withPeers) yield* peerRows(suite, text, works.fresh, scope);
    }),
};

/** Some packages, given one after another for ever. */
async function packages(
  world: World,
  text: string,
  transceiver: Transceiver,
): Promise<{ next(): Uint8Array }> {
  const list: Uint8Array[] = [];
  for (let count = 0; count < 16; count++) list.push(await pack(transceiver, world, world.bob.id, text));
  let place = 0;
  return { next: () => list[place++ % list.length] as Uint8Array };
}
