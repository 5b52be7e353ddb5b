import {
  equalBytes,
  type JsonObject,
  NotFoundError,
  type PublicKey,
  unsafeMarkVerified,
  type Verified,
} from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { type InstantMessage, type ReliableMessage, type SecureMessage, signMessage } from '@dimp/dkd';
import { type ID, type Meta, parseMeta, verifyMeta } from '@dimp/mkm';
import type { AttachmentHandler } from './attachments.js';
import type { Barrack } from './barrack.js';
import { type DecryptedMessage, type DecryptorParts, decryptSecure } from './decryptor.js';
import {
  type EncryptedInstant,
  type EncryptInstantOptions,
  type EncryptorParts,
  encryptInstant,
} from './encryptor.js';
import { MetaMismatchError, SignatureError } from './errors.js';
import type { KeyStore } from './key-store.js';
import { OpenedKeys } from './opened-keys.js';
import type { KeyStrength } from './protection.js';

/** How a transceiver is made. */
export interface TransceiverOptions {
  readonly barrack: Barrack;
  readonly keyStore: KeyStore;
  readonly attachments?: AttachmentHandler;
  /** Whether contents are bound to their envelopes; true by default. Binding that comes in is always checked. */
  readonly bind?: boolean;
  /** Seconds since 1970. */
  readonly clock?: () => number;
  /** How many opened message keys are remembered by their encrypted bytes. */
  readonly openedKeys?: number;
}

/** A message whose signature was checked. */
export interface VerifiedMessage {
  readonly message: Verified<SecureMessage>;
  /** The sender's key that fits. */
  readonly signature: KeyStrength;
}

/** The steps between a message in the clear and one that travels, with the keys looked up on the way. */
export class Transceiver {
  readonly #barrack: Barrack;
  readonly #options: TransceiverOptions;
  #parts: EncryptorParts & DecryptorParts;

  constructor(options: TransceiverOptions) {
    const { barrack, keyStore, attachments, bind = true, openedKeys = 1000 } = options;
    const { clock = () => Math.floor(Date.now() / 1000) } = options;
    const opened = new OpenedKeys(openedKeys);
    this.#options = options;
    this.#barrack = barrack;
    this.#parts = { barrack, keyStore, attachments, bind, clock, opened };
  }

  /** The same over another barrack and key store, as for one unit of a store. Opened message keys are shared. */
  over(parts: Pick<TransceiverOptions, 'barrack' | 'keyStore'>): Transceiver {
    const transceiver = new Transceiver({ ...this.#options, ...parts });
    transceiver.#parts = { ...transceiver.#parts, opened: this.#parts.opened };
    return transceiver;
  }

  /** Encrypts a message for its receiver, or for the members of the group it goes to. Throws as `encryptInstant`. */
  encrypt(instant: InstantMessage, options: EncryptInstantOptions = {}): Promise<EncryptedInstant> {
    return encryptInstant(instant, this.#parts, options);
  }

  /**
   * Signs a message as its sender.
   * @throws {NotFoundError} when the sender's private key is not here
   */
  async sign(message: SecureMessage): Promise<ReliableMessage> {
    const key = await this.#barrack.loadSignKey(message.envelope.sender);
    if (key !== undefined) return signMessage(message, key);
    throw new NotFoundError('private key', message.envelope.sender.text, 'only local users send.');
  }

  /**
   * Checks a received message: first the meta that came along, then the signature.
   * @throws {NotFoundError} the sender's meta is not here and did not come along
   * @throws {MetaMismatchError} a meta came along that is not the sender's
   * @throws {SignatureError} none of the sender's keys made the signature
   */
  async verify(message: ReliableMessage): Promise<VerifiedMessage> {
    const { sender } = message.envelope;
    const attached = message.meta && (await this.#checkMeta(sender, message.meta));
    const user = await this.#barrack.user(sender);
    const { signature, ...secure } = message;
    const key =
      user === undefined
        ? await this.#verifyStranger(message, attached)
        : await user.findVerifyKey(message.data, signature);
    if (key === undefined) throw new SignatureError(sender.text);
    const { algorithm, bits } = key;
    return { message: unsafeMarkVerified<SecureMessage>(secure), signature: { algorithm, bits } };
  }

  /** Opens a checked message for a local user; one for a group must have been trimmed. Throws as `decryptSecure`. */
  decrypt(
    message: Verified<SecureMessage>,
    receiver: ID,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<DecryptedMessage> {
    return decryptSecure(message, receiver, this.#parts, options);
  }

  /** Forgets opened message keys, as when private keys were removed. */
  forgetOpenedKeys(): void {
    this.#parts.opened.clear();
  }

  async #checkMeta(sender: ID, json: JsonObject): Promise<Verified<Meta>> {
    const { protocol } = this.#barrack;
    const meta = await verifyMeta(parseMeta(json, protocol, 'ReliableMessage.meta'), sender, protocol);
    if (meta === undefined) throw new MetaMismatchError(sender.text);
    return meta;
  }

  /**
   * Checks the signature by the meta that came along, and only then keeps that for ever: an ECDSA signature fits
   * two keys, so a meta with an ECC key has a twin. The only signature of others that the twin's key fits is the
   * fingerprint, so that is none.
   */
  async #verifyStranger(
    { envelope: { sender }, data, signature }: ReliableMessage,
    meta: Verified<Meta> | undefined,
  ): Promise<PublicKey | undefined> {
    if (meta === undefined) {
      throw new NotFoundError('meta', sender.text, 'keep the message and ask the station for it.');
    }
    if (meta.seed !== undefined && equalBytes(data, encodeUtf8(meta.seed))) return undefined;
    if (!(await meta.key.verify(data, signature))) return undefined;
    await this.#barrack.saveMeta(sender, meta);
    return meta.key;
  }
}
