import type { DimpError, JsonObject } from '@dimp/crypto';
import type { ID } from '@dimp/mkm';

/** A station's leave to upload files, which came with the login. */
export interface UploadGrant {
  /** With `{ID}` in the place of the user's address. */
  readonly url: string;
  readonly token: string;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** How far a connection is. */
export type ConnectionState =
  /** `connect()` was not called yet. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly url: string }
  /** Connected, and not logged in yet, or no longer. */
  | { readonly kind: 'handshaking'; readonly url: string }
  /** Packages go and come. */
  | {
      readonly kind: 'ready';
      readonly url: string;
      readonly station: ID;
      /** Whether the station acknowledges each package; else its receipts are waited for. */
      readonly isAcknowledged: boolean;
      /** Absent when the station hosts no files. */
      readonly upload?: UploadGrant;
    }
  /** Nothing goes; it is tried again after so many seconds. */
  | { readonly kind: 'waiting'; readonly seconds: number; readonly reason: DimpError }
  /** For good: `close()` was called, or there is no station left to try, as `reason` says. */
  | { readonly kind: 'closed'; readonly reason?: DimpError };

/** Reads the leave to upload in a handshake's success; undefined when there is none that can be used. */
export function readUploadGrant(json: unknown): UploadGrant | undefined {
  const { url, token, expires } = Object(json) as JsonObject;
  if (typeof url !== 'string' || typeof token !== 'string' || typeof expires !== 'number') return undefined;
  return { url, token, expires };
}
