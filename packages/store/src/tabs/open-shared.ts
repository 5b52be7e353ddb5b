import type { OpenedDatabase } from '../database.js';
import { openIndexedDb } from '../platform/indexed-db.js';
import { schemaNumber } from '../schema-number.js';
import { askForPersistence } from './persistence.js';
import { TabDatabase } from './tab-database.js';
import { findTabHost } from './tab-host.js';

/** Goes up when what tabs say to each other, or how they take turns, changes. */
const talkVersion = 1;

/**
 * Opens IndexedDB under a name, or uses it through the tab that has it open, and asks the browser to keep it. Where
 * the browser has no locks it is opened here, and the name must not be used in two tabs at once.
 */
export async function openShared(location: string): Promise<OpenedDatabase> {
  const persistence = askForPersistence();
  const host = findTabHost();
  if (host === undefined) return { ...(await openIndexedDb(location)), persistence };
  const database = new TabDatabase({
    host,
    name: `dimp-store ${location}`,
    version: `${talkVersion}.${schemaNumber}`,
    openHere: async () => (await openIndexedDb(location)).database,
  });
  await database.open();
  return { database, persistence };
}
