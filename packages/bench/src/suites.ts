import type { Suite } from './suite.js';
import { bundleSuite } from './suites/bundle.js';
import { groupSuite } from './suites/group.js';
import { importSuite } from './suites/import.js';
import { keysSuite } from './suites/keys.js';
import { memorySuite } from './suites/memory.js';
import { operationsSuite } from './suites/operations.js';
import { packSuite } from './suites/pack.js';
import { parseSuite } from './suites/parse.js';
import { splitSuite } from './suites/split.js';
import { stationSuite } from './suites/station.js';
import { storeSuite } from './suites/store.js';
import { unpackSuite } from './suites/unpack.js';

/** What can be measured, in the order of the table. A new suite is added here and nowhere else. */
export const suites: readonly Suite[] = [
  packSuite,
  unpackSuite,
  groupSuite,
  splitSuite,
  parseSuite,
  memorySuite,
  operationsSuite,
  keysSuite,
  importSuite,
  bundleSuite,
  storeSuite,
  stationSuite,
];
