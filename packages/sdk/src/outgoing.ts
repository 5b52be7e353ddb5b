import { formatPackage, type KeyStore } from '@dimp/core';
import { UsageError } from '@dimp/crypto';
import type { InstantMessage, ReliableMessage } from '@dimp/dkd';
import { type ID, isBroadcastID } from '@dimp/mkm';
import { BoundedSet } from './bounded-set.js';
import type { Facebook } from './default-facebook.js';
import { TransportError } from './errors.js';
import { type PackedMessage, packMessage, splitForMembers } from './message-sender.js';
import type { MessengerOptions, SendOptions } from './messenger-options.js';
import { Serial } from './serial.js';
import type { Transport } from './transport.js';
import type { Work } from './work.js';

/** What sending works with. */
export interface OutgoingParts {
  readonly facebook: Facebook;
  readonly keyStore: KeyStore;
  readonly options: Pick<MessengerOptions, 'transport' | 'attachMeta'>;
}

/** Packs messages and hands them to the transport, and remembers who has whose meta. */
export class Outgoing {
  readonly #parts: OutgoingParts;
  /** Who has the meta of which local user: he wrote to him, or was sent it. */
  readonly #introduced = new BoundedSet(10_000);
  /** Keys of groups that lost members are removed here; nothing is packed meanwhile. */
  readonly #removals = new Serial();

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
  }

  /** @throws {UsageError} when there is none */
  get transport(): Transport {
    const { transport } = this.#parts.options;
    if (transport !== undefined) return transport;
    throw new UsageError('This messenger has no transport; pass one in new Messenger({ transport }).');
  }

  /** How many packages of an outbox may be under way at once. */
  get window(): number {
    return Math.max(1, this.#parts.options.transport?.window ?? 1);
  }

  get hasTransport(): boolean {
    return this.#parts.options.transport !== undefined;
  }

  /** Encrypts and signs a message. Throws as `packMessage`. */
  async pack(
    instant: InstantMessage,
    options: SendOptions,
    { facebook, transceiver }: Pick<Work, 'facebook' | 'transceiver'>,
  ): Promise<PackedMessage> {
    const { sender, receiver } = instant.envelope;
    const isNew = !this.#introduced.has(introduction(sender, receiver));
    const isWanted = this.#parts.options.attachMeta !== 'never' && isNew && !isBroadcastID(receiver);
    await this.#removals.idle();
    return packMessage(instant, facebook, transceiver, {
      attachMeta: options.attachMeta ?? isWanted,
      ...(options.signal && { signal: options.signal }),
      ...(options.onProgress && { onProgress: options.onProgress }),
    });
  }

  /** The packages that a packed message goes out in: parts, when asked to, or itself. */
  split(message: ReliableMessage, options: SendOptions): readonly ReliableMessage[] {
    const { sender } = message.envelope;
    return options.split === true ? splitForMembers(message, this.#parts.facebook, sender) : [message];
  }

  /** Hands a message to the transport. @throws {UsageError} without one @throws {TransportError} */
  async deliver(message: ReliableMessage, signal?: AbortSignal): Promise<void> {
    const { transport } = this;
    try {
      await transport.send(formatPackage(message), signal === undefined ? {} : { signal });
    } catch (error) {
      if (error instanceof TransportError) throw error;
      throw new TransportError('The transport did not take the package; see the cause.', { cause: error });
    }
    this.noteSent(message);
  }

  /** Somebody encrypted for a local user, so he has the user's meta. */
  noteHeardOf(user: ID, by: ID): void {
    this.#introduced.add(introduction(user, by));
  }

  /** Who left a group may have kept its message key: the next message gets a new one. */
  removeGroupKeys(group: ID): Promise<void> {
    const { facebook, keyStore } = this.#parts;
    return this.#removals.run(async () => {
      for (const user of await facebook.archive.loadLocalUsers()) await keyStore.removeKey(user, group);
    });
  }

  /** A message went out; its receiver has the meta in it. */
  noteSent({ envelope, meta }: ReliableMessage): void {
    if (meta !== undefined) this.#introduced.add(introduction(envelope.sender, envelope.receiver));
  }
}

/** The name of "this one's meta is known to that one". */
function introduction(of: ID, to: ID): string {
  return `${of.key} ${to.key}`;
}
