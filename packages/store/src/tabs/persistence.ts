import type { Persistence } from '../database.js';

/** Of `navigator.storage`. */
interface Storage {
  persisted?(): Promise<boolean>;
  persist?(): Promise<boolean>;
}

/** Asks the browser to keep what is stored here when it needs room. Some ask their user first, so it may take a while. */
export async function askForPersistence(
  storage: Storage | undefined = globalThis.navigator?.storage as Storage | undefined,
): Promise<Persistence> {
  if (storage?.persist === undefined) return 'unknown';
  try {
    const isKept = (await storage.persisted?.()) === true || (await storage.persist());
    return isKept ? 'persistent' : 'best-effort';
  } catch {
    // a page that may not ask, such as one in a frame of another origin
    return 'unknown';
  }
}
