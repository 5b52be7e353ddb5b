import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { type RandomBytes, randomBytes } from '@dimp/crypto';
import type { Address, ID } from '@dimp/mkm';

/** How tokens are made. */
export interface UploadTokenOptions {
  /** Seconds that a token is good for; a week when absent. A new one comes with each handshake. */
  readonly lifetime?: number;
  /** Seconds since 1970. */
  readonly clock?: () => number;
  readonly randomBytes?: RandomBytes;
}

/** What an upload is allowed by. */
export interface UploadToken {
  readonly token: string;
  /** Seconds since 1970. */
  readonly expires: number;
}

/**
 * Gives those who log in a token with which they may upload, and knows it again without keeping it: HMAC-SHA-256 over
 * the address and the end of its time, by a secret of this run. Tokens end with the station's run.
 */
export class UploadTokens {
  readonly #secret: KeyObject;
  readonly #lifetime: number;
  readonly #clock: () => number;

  constructor(options: UploadTokenOptions = {}) {
    this.#secret = createSecretKey((options.randomBytes ?? randomBytes)(32));
    this.#lifetime = options.lifetime ?? 604_800;
    this.#clock = options.clock ?? (() => Date.now() / 1000);
  }

  issue(user: ID): UploadToken {
    const expires = Math.floor(this.#clock()) + this.#lifetime;
    return { token: `${expires}.${this.#sign(user.address.text, expires).toString('base64url')}`, expires };
  }

  /** Whether a token was given to the user of this address, and its time has not passed. */
  check(token: string, address: Address): boolean {
    const [, time, signature] = /^([1-9][0-9]{0,12})\.([0-9A-Za-z_-]{43})$/.exec(token) ?? [];
    if (time === undefined || signature === undefined) return false;
    const expires = Number(time);
    const expected = this.#sign(address.text, expires);
    return timingSafeEqual(Buffer.from(signature, 'base64url'), expected) && this.#clock() < expires;
  }

  #sign(addressText: string, expires: number): Buffer {
    return createHmac('sha256', this.#secret).update(`upload\n${expires}\n${addressText}`).digest();
  }
}
