import { equalBytes, exportKey, formatJson, type SymmetricAlgorithm, type SymmetricKey } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { type Awaitable, type EncryptionKey, type ID, whenReady } from '@dimp/mkm';
import { isReusable, type KeyStore, type MessageKey, type WrappedKey } from './key-store.js';

/** Between whom a message key is used. */
export interface Direction {
  readonly sender: ID;
  readonly target: ID;
}

/** The message key for one message that is being sent. */
export class SendingKey {
  readonly #entry: MessageKey;
  readonly #direction: Direction;
  readonly #keyStore: KeyStore;
  /** What was encrypted now, by `key` of the recipient's ID; undefined when the key is for this message only. */
  readonly #wrapped: Map<string, WrappedKey> | undefined;
  #text: Uint8Array | undefined;

  /** Takes the key of a direction when the policy allows one more use, else makes a new one. */
  static async take(
    direction: Direction,
    keyStore: KeyStore,
    algorithm: SymmetricAlgorithm,
    now: number,
  ): Promise<SendingKey> {
    const known = await keyStore.loadKey(direction.sender, direction.target);
    const entry: MessageKey =
      known !== undefined && isReusable(known, keyStore.policy, now)
        ? known
        : { key: await algorithm.generateKey(), time: now, uses: 0 };
    return new SendingKey(entry, direction, keyStore);
  }

  private constructor(entry: MessageKey, direction: Direction, keyStore: KeyStore) {
    this.#entry = entry;
    this.#direction = direction;
    this.#keyStore = keyStore;
    const isKept = entry.pinned === true || keyStore.policy.maxMessages > 1;
    this.#wrapped = isKept ? new Map() : undefined;
  }

  get key(): SymmetricKey {
    return this.#entry.key;
  }

  /** Encrypts it for a user; under reuse these are the bytes that he has seen already. */
  wrap(recipient: ID, { publicKey, encryption }: EncryptionKey): Awaitable<Uint8Array> {
    const before = this.#entry.wrapped?.get(recipient.key);
    const { material } = publicKey;
    if (before !== undefined && equalBytes(before.material, material)) return before.encryptedKey;
    this.#text ??= formatKey(this.key);
    const encrypted = encryption.encrypt(this.#text);
    const noted = this.#wrapped;
    if (noted === undefined) return encrypted;
    return whenReady(encrypted, encryptedKey => {
      noted.set(recipient.key, { material, encryptedKey });
      return encryptedKey;
    });
  }

  /** Records the use, with what was encrypted if the key may be used again. */
  async saveUse(): Promise<void> {
    const { key, time, uses, pinned, wrapped: before } = this.#entry;
    const used: MessageKey = {
      key,
      time,
      uses: uses + 1,
      ...(pinned === true && { pinned }),
      ...(this.#wrapped && { wrapped: merge(before, this.#wrapped) }),
    };
    await this.#keyStore.saveKey(this.#direction.sender, this.#direction.target, used);
  }
}

function merge(
  before: ReadonlyMap<string, WrappedKey> | undefined,
  newer: ReadonlyMap<string, WrappedKey>,
): ReadonlyMap<string, WrappedKey> {
  if (before === undefined) return newer;
  // under reuse nearly always
  if (newer.size === 0) return before;
  const wrapped = new Map(before);
  for (const [recipient, one] of newer) wrapped.set(recipient, one);
  return wrapped;
}

/**
 * The text of a message key. With 1024-bit RSA it must fit 117 bytes, so nothing is added (v1.md 2.2).
 */
function formatKey(key: SymmetricKey): Uint8Array {
  return encodeUtf8(formatJson(exportKey(key), 'MessageKey'));
}
