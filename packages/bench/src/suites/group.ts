import { generateKeys } from '../accounts.js';
import { createFloor } from '../floors/create-floor.js';
import { interleave } from '../interleave.js';
import { type Row, timeRow } from '../row.js';
import { loadSide, type SideName } from '../sides.js';
import { slope } from '../statistics.js';
import type { Scope, Suite } from '../suite.js';
import { createWorld, pack } from '../world.js';

export const groupSuite: Suite = {
  name: 'group',
  about: 'a text of 100 bytes to a group: one encryption, one signature, one wrapped key for each member',
  async *run(scope) {
    for (const side of scope.sides) yield* sideRows(side, scope);
  },
};

/** Different keys among the members; each member's is read for itself all the same. */
const keyCount = 8;

async function* sideRows(side: SideName, scope: Scope): AsyncGenerator<Row> {
  const suite = 'group';
  const keys = await Promise.all(Array.from({ length: keyCount }, () => generateKeys('RSA-1024')));
  const [alice, bob] = keys;
  if (alice === undefined || bob === undefined) return;
  const world = await createWorld(await loadSide(side), alice, bob);
  const floor = await createFloor(world);
  const text = 'x'.repeat(100);
  const rows: Row[] = [];
  for (const count of scope.groups) {
    const { id, members } = await world.addGroup(count, keys);
    const transceiver = world.transceiver();
    const ours = (): Promise<Uint8Array> => pack(transceiver, world, id, text);
    const bare = floor.groupPacker(id.text, members);
    const times = await interleave({ ours, floor: () => bare(text) }, scope);
    const details = { bytes: (await ours()).length, members: count };
    const row = timeRow({
      suite,
      name: `${side} n = ${count}`,
      times: times.ours,
      floor: times.floor,
      details,
    });
    rows.push(row);
    yield row;
  }
  if (rows.length > 1) yield slopeRow(side, rows);
}

function slopeRow(side: SideName, rows: readonly Row[]): Row {
  const by = (value: (row: Row) => number): number =>
    slope(rows.map(row => [row.details?.['members'] ?? 0, value(row)]));
  const [value, floor] = [by(row => row.value), by(row => row.floor ?? 0)];
  return {
    suite: 'group',
    name: `${side} each member`,
    value,
    unit: 'µs',
    floor,
    ratio: value / floor,
    details: { bytes: by(row => row.details?.['bytes'] ?? 0) },
  };
}
