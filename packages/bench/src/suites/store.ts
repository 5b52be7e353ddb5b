import { join } from 'node:path';
import { openStore } from '@dimp/store';
import { fill } from '../chat.js';
import type { Row } from '../row.js';
import { opening, openingRows } from '../store/opening-rows.js';
import { readRows } from '../store/read-rows.js';
import { sealRow } from '../store/seal-row.js';
import { writeRows } from '../store/write-rows.js';
import type { Scope, Suite } from '../suite.js';
import { inFolder } from '../temporary-folder.js';

export const storeSuite: Suite = {
  name: 'store',
  about: 'writing, opening and reading a store on disk, beside the bare database and the bare cipher',
  run: scope => inFolder('store', folder => storeRows(folder, scope)),
};

async function* storeRows(folder: string, scope: Scope): AsyncGenerator<Row> {
  yield* writeRows(folder, scope);
  yield await sealRow(scope);
  // a tiny round is a test of the suite itself
  const count = scope.turn === 0 ? 300 : 100_000;
  const location = join(folder, 'large');
  const filled = await openStore({ location });
  await fill(filled, count);
  await filled.close();
  // run from its sources, as in tests, there is nothing that another program could import
  if (isBuilt) yield* await openingRows(opening(location), count, scope);
  yield* await readRows(location, count, scope);
}

const isBuilt = import.meta.url.endsWith('.js');
