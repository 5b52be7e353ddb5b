import { formatPackage } from '@dimp/core';
import { type DimpError, UsageError } from '@dimp/crypto';
import { sha256 } from '@dimp/crypto/digest';
import type { ReliableMessage } from '@dimp/dkd';
import type { EntityDataSource, ID, IdentityContext } from '@dimp/mkm';
import { Broadcasts } from './broadcasts.js';
import { Delivery, type DeliveryOptions } from './delivery.js';
import { KeyedLock } from './files/keyed-lock.js';
import { groupParts, knownAssistant } from './group-parts.js';
import type { MessageStore } from './message-store.js';
import { noMetrics } from './metrics.js';
import { defaultLimits } from './options.js';
import { receiverKind } from './receiver-kind.js';
import type { RefusalReason } from './refusal.js';
import type { MessageRelay, Relayed } from './relay.js';
import { inOne, refused } from './relay-outcomes.js';
import type { Session } from './session.js';
import { searchablePackage } from './signature-text.js';
import type { UserDirectory } from './user-directory.js';

/** What a relay is made of. */
export interface StationRelayOptions extends DeliveryOptions {
  readonly store: MessageStore;
  /** The station itself. */
  readonly station: ID;
  /** For the IDs of members. */
  readonly context: Pick<IdentityContext, 'addresses'>;
  /** Finds the profile of a group, and whether an assistant is known: a `Facebook`, or its archive. */
  readonly people: EntityDataSource;
  readonly users: Pick<UserDirectory, 'isBlocked' | 'isBanned'>;
}

/** Parts of a group message that are made before others have their turn. */
const partsAtOnce = 64;

/** What one message to a group may become on disk, in all its parts: keys cost their sender next to nothing. */
const maxGroupBytes = 67_108_864;

/**
 * The relay of one station: keeps each message, then hands it to the sessions of its receiver.
 *
 * - personal messages go on byte for byte, unless another signature stands in front of theirs
 * - a group message is split for the members with a key in it; without keys its assistant gets it as it is. Members
 *   who have blocked the sender or for whom too much is kept get no part: one of them is not to hold up the others
 * - broadcasts to stations are passed to the neighbours
 *
 * Messages of one sender are kept in the order of the calls.
 */
export class StationRelay implements MessageRelay {
  readonly #options: StationRelayOptions;
  readonly #delivery: Delivery;
  readonly #broadcasts: Broadcasts;
  readonly #turns = new KeyedLock();
  #underWay = 0;
  #idle: (() => void) | undefined;
  #isClosed = false;

  constructor(options: StationRelayOptions) {
    this.#options = options;
    this.#delivery = new Delivery(options);
    this.#broadcasts = new Broadcasts(options.station, options.bufferedBytes ?? defaultLimits.bufferedBytes);
  }

  accept(message: ReliableMessage, data: Uint8Array, from: Session): Promise<Relayed> {
    if (this.#isClosed) return Promise.resolve(refused('stopping'));
    return this.#acceptAtOnce(message, data) ?? this.#accept(message, data, from);
  }

  attach(session: Session): void {
    this.#broadcasts.attach(session);
    this.#delivery.attach(session);
  }

  detach(session: Session): void {
    this.#broadcasts.detach(session);
    this.#delivery.detach(session);
  }

  acknowledged(session: Session, signature: string): void {
    this.#delivery.acknowledged(session, signature);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#underWay > 0) {
      await new Promise<void>(resolve => {
        this.#idle = resolve;
      });
    }
    await this.#delivery.close();
    await this.#options.store.idle();
  }

  /** A message from one user to another, when nobody has to be looked up and none of the sender's waits. */
  #acceptAtOnce(message: ReliableMessage, data: Uint8Array): Promise<Relayed> | undefined {
    const { station, users } = this.#options;
    const { sender, receiver } = message.envelope;
    if (receiverKind(receiver, station) !== 'user' || this.#turns.isTaken(sender.key)) return undefined;
    if (users.isBanned(sender)) return Promise.resolve(refused('banned'));
    const isBlocked = users.isBlocked(receiver, sender);
    if (typeof isBlocked !== 'boolean') return undefined;
    return isBlocked ? Promise.resolve(refused('blocked')) : this.#keep(message, receiver, data);
  }

  async #accept(message: ReliableMessage, data: Uint8Array, from: Session): Promise<Relayed> {
    const { sender } = message.envelope;
    this.#underWay++;
    try {
      // looking somebody up may take its time, and must not let a later message pass
      const { relayed } = await this.#turns.run(sender.key, () => this.#begin(message, data, from));
      return await relayed;
    } finally {
      this.#ended();
    }
  }

  #ended(): void {
    this.#underWay--;
    if (this.#underWay === 0) this.#idle?.();
  }

  /** Resolves when the store was told of it. What becomes of it is wrapped, so as not to be waited for. */
  async #begin(
    message: ReliableMessage,
    data: Uint8Array,
    from: Session,
  ): Promise<{ readonly relayed: Promise<Relayed> | Relayed }> {
    const { station, users } = this.#options;
    const { sender, receiver } = message.envelope;
    if (users.isBanned(sender)) return { relayed: refused('banned') };
    switch (receiverKind(receiver, station)) {
      case 'station':
        throw new UsageError('A message for the station itself is not for its relay.');
      case 'everybody':
        return { relayed: this.#passOn(message, from) };
      case 'nobody':
        return { relayed: refused('unknown-receiver') };
      case 'group':
        return this.#beginGroup(message, data);
      case 'user':
        if (await users.isBlocked(receiver, sender)) return { relayed: refused('blocked') };
        return { relayed: this.#keep(message, receiver, data) };
    }
  }

  #passOn(message: ReliableMessage, from: Session): Relayed {
    const relayed = this.#broadcasts.pass(message, from);
    if (relayed.kind === 'repeated') (this.#options.metrics ?? noMetrics).repeated();
    return relayed;
  }

  async #beginGroup(
    message: ReliableMessage,
    data: Uint8Array,
  ): Promise<{ readonly relayed: Promise<Relayed> | Relayed }> {
    const { context, people } = this.#options;
    const { receiver: group } = message.envelope;
    const parts = groupParts(message, context);
    if (parts.length === 0) {
      const assistant = await knownAssistant(group, people, context);
      if (assistant === undefined) return { relayed: refused('group-without-keys') };
      return { relayed: this.#keep(message, assistant, data) };
    }
    if (parts.length * message.data.length > maxGroupBytes) return { relayed: refused('too-large') };
    const outcomes: Relayed[] = [];
    for (let start = 0; ; start += partsAtOnce) {
      const some = parts.slice(start, start + partsAtOnce);
      const blocked = await Promise.all(some.map(({ member, part }) => this.#blocks(member, part)));
      const kept = Promise.all(
        some.map(({ member, part }, index) =>
          blocked[index] === true ? refused('blocked') : this.#keep(part, member, formatPackage(part)),
        ),
      );
      if (start + partsAtOnce >= parts.length) {
        return { relayed: kept.then(last => this.#countParts([...outcomes, ...last])) };
      }
      outcomes.push(...(await kept));
    }
  }

  /** A sender whose message was taken does not hear for whom it was not: the operator does. */
  #countParts(outcomes: readonly Relayed[]): Relayed {
    const { metrics = noMetrics } = this.#options;
    const relayed = inOne(outcomes);
    if (relayed.kind !== 'stored') return relayed;
    for (const outcome of outcomes) {
      if (outcome.kind === 'refused' && outcome.refusal.reason === 'receiver-full')
        metrics.refused('receiver-full');
    }
    return relayed;
  }

  /** Whether a member wants nothing of the sender, or of the group. */
  async #blocks(member: ID, { envelope: { sender, group } }: ReliableMessage): Promise<boolean> {
    const { users } = this.#options;
    if (await users.isBlocked(member, sender)) return true;
    return group !== undefined && users.isBlocked(member, group);
  }

  /** Keeps a package for a user and hands it to his sessions. The store is told of it at once. */
  #keep(message: ReliableMessage, receiver: ID, came: Uint8Array): Promise<Relayed> {
    const { envelope, data: signed } = message;
    const data = searchablePackage(message, came);
    const { store, metrics = noMetrics, clock = () => Date.now() / 1000 } = this.#options;
    const time = clock();
    this.#underWay++;
    return store.add({ receiver, sender: envelope.sender, data, digest: sha256(signed), time }).then(
      added => {
        this.#ended();
        if (added.kind === 'repeated') {
          metrics.repeated();
          return repeated;
        }
        metrics.stored(data.length);
        const { number, senderTag } = added;
        return this.#delivery.offer(receiver, { number, senderTag, time, data }).isOnline ? online : offline;
      },
      error => {
        this.#ended();
        const reason = reasons.get((error as DimpError).code);
        if (reason === undefined) throw error;
        return refused(reason);
      },
    );
  }
}

const repeated: Relayed = { kind: 'repeated' };
const online: Relayed = { kind: 'stored', isOnline: true };
const offline: Relayed = { kind: 'stored', isOnline: false };

const reasons: ReadonlyMap<unknown, RefusalReason> = new Map([
  ['ERR_STATION_QUOTA', 'receiver-full'],
  ['ERR_STATION_FULL', 'storage'],
  ['ERR_STATION_STORAGE', 'storage'],
]);
