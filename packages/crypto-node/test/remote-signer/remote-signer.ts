// What somebody else would publish: keys of ECC that live in another place. It knows the contracts of @dimp/crypto
// and nothing of the packages above.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  type AsymmetricAlgorithm,
  type JsonObject,
  KeyFormatError,
  type PrivateKey,
  type PublicKey,
} from '@dimp/crypto';
import { checkBytes } from '@dimp/crypto/check-arguments';
import { ecc } from '@dimp/crypto/ecc';
import { encodeHex } from '@dimp/crypto/format';

/** An answer of the device, as it came over the wire. */
export interface Answer {
  readonly id: number;
  readonly handle?: string;
  readonly point?: Uint8Array;
  readonly signature?: Uint8Array;
  readonly problem?: string;
}

export class RemoteSigner {
  readonly #worker = new Worker(new URL('worker.mjs', import.meta.url));
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  /** All that ever came from the device. */
  readonly answers: Answer[] = [];
  #lastId = 0;

  constructor() {
    this.#worker.on('message', (answer: Answer) => {
      this.answers.push(answer);
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** For `registry.replace`: public keys are anybody's, private ones are in the device. */
  readonly algorithm: AsymmetricAlgorithm = {
    code: ecc.code,
    aliases: ecc.aliases ?? [],
    parsePublicKey: json => ecc.parsePublicKey(json),
    parsePrivateKey: json => this.#parseHandle(json),
    generatePrivateKey: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      const { handle = '', point = new Uint8Array(0) } = await this.#ask({ operation: 'generate' });
      return this.#privateKey(handle, ecc.parsePublicKey({ algorithm: 'ECC', data: encodeHex(point) }));
    },
  };

  async close(): Promise<void> {
    const exit = once(this.#worker, 'exit');
    await this.#worker.terminate();
    await exit;
  }

  /** A key object that an application may store: where the key is, and its public half. */
  #parseHandle(json: JsonObject): PrivateKey {
    const { handle, publicKey } = json;
    if (typeof handle !== 'string' || typeof publicKey !== 'string') {
      throw new KeyFormatError('Remote key: expected { handle, publicKey }, both text.');
    }
    return this.#privateKey(handle, ecc.parsePublicKey({ algorithm: 'ECC', data: publicKey }));
  }

  #privateKey(handle: string, publicKey: PublicKey): PrivateKey {
    const sign = async (data: Uint8Array): Promise<Uint8Array> => {
      checkBytes(data, 'data');
      const { signature } = await this.#ask({ operation: 'sign', handle, data });
      return Uint8Array.from(signature ?? []);
    };
    return { algorithm: publicKey.algorithm, bits: publicKey.bits, publicKey, sign };
  }

  async #ask(request: object): Promise<Answer> {
    const id = ++this.#lastId;
    const answer = await new Promise<Answer>(resolve => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ ...request, id });
    });
    if (answer.problem !== undefined) throw new Error(`The device says: ${answer.problem}`);
    return answer;
  }
}
