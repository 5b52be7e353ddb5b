import { join } from 'node:path';
import type { Row } from '../row.js';
import { type IdleLoad, idleRows, possibleConnections } from '../station/idle-rows.js';
import { relayRows } from '../station/relay-rows.js';
import { startRow } from '../station/start-row.js';
import { storeRows } from '../station/store-rows.js';
import type { Scope, Suite } from '../suite.js';
import { inFolder } from '../temporary-folder.js';

export const stationSuite: Suite = {
  name: 'station',
  about: 'a station in a process of its own, beside a bare relay, under load from a third process',
  run: scope => inFolder('station', folder => stationRows(folder, scope)),
};

/** How much there is of everything. A tiny round is a test of the suite itself. */
async function* stationRows(folder: string, scope: Scope): AsyncGenerator<Row> {
  const isTiny = scope.turn === 0;
  yield* await relayRows(join(folder, 'relay'), isTiny ? tinyLoad : fullLoad, scope);
  yield* await storeRows(join(folder, 'store'), scope);
  yield* await idleRows(join(folder, 'idle'), isTiny ? tinyIdle : fullIdle());
  yield await startRow(join(folder, 'start'), isTiny ? 500 : 1_000_000, scope);
}

const tinyLoad = { users: 4, messages: 40, receipts: 10 };
/** About half a second each. */
const fullLoad = { users: 32, messages: 8000, receipts: 2000 };
const tinyIdle = { alive: 10, kept: 10, seconds: 0.1 };
const aliveConnections = 1000;
const fullIdle = (): IdleLoad => ({
  alive: aliveConnections,
  kept: possibleConnections(10_000, aliveConnections),
  seconds: 5,
});
