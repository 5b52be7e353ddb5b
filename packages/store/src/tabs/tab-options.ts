import type { Database } from '../database.js';
import type { TabHost } from './tab-host.js';

/** How a database is shared among tabs. */
export interface TabDatabaseOptions {
  readonly host: TabHost;
  /** The same in all tabs that share the database, and only there. */
  readonly name: string;
  /** Tabs of different versions do not share: one could not read what the other writes. */
  readonly version: string;
  /** Opens the database itself. Called in the tab that has it, and once only. */
  readonly openHere: () => Promise<Database>;
  /** Milliseconds for which another tab may be silent; `defaultPatience` when absent. */
  readonly patience?: number;
}

/** Browsers slow tabs in the background down, and a disk may be busy; half a minute is neither. */
export const defaultPatience = 30_000;
