import type { DatabaseOperation, DatabaseRange } from '../database.js';

/** What is asked of the tab that has the database. Asking twice does no harm. */
export type DatabaseRequest =
  | { readonly kind: 'get'; readonly key: Uint8Array }
  | { readonly kind: 'page'; readonly range: DatabaseRange; readonly size: number }
  | { readonly kind: 'batch'; readonly operations: readonly DatabaseOperation[] };

/** What tabs say to each other. They are of one origin, and records are sealed before they come here. */
export type TabMessage =
  /** Who has the database? */
  | { readonly kind: 'hello' }
  /** The sender has, and speaks this version. */
  | { readonly kind: 'owner'; readonly from: string; readonly version: string }
  | {
      readonly kind: 'request';
      readonly from: string;
      readonly to: string;
      readonly number: number;
      /** Milliseconds since 1970: after this the sender has given up, and will not believe in an answer. */
      readonly until: number;
      readonly request: DatabaseRequest;
    }
  /** What came of a request: its value, or in words why not. */
  | {
      readonly kind: 'response';
      readonly to: string;
      readonly number: number;
      readonly value?: unknown;
      readonly error?: string;
    }
  /** The sender has changed these records, and they are on disk. */
  | { readonly kind: 'changed'; readonly keys: readonly Uint8Array[] }
  /** The sender waits for its turn to change something. */
  | { readonly kind: 'want' }
  /** The sender has its turn; whoever waits says so again. */
  | { readonly kind: 'turn' };
