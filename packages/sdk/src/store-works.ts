import type { KeyStore, Transceiver } from '@dimp/core';
import type { Conversations } from './conversations.js';
import type { Facebook } from './default-facebook.js';
import { asDimpError } from './errors.js';
import { FacebookUnit } from './facebook-unit.js';
import type { MessengerStore, StoreUnit } from './messenger-store.js';
import type { Outbox } from './outbox.js';
import type { ReplayMemory } from './replay-memory.js';
import type { WaitingList } from './waiting-list.js';
import type { Ended, Work, WorkPorts, Works } from './work.js';

/** What works in a store are made with. */
export interface StoreWorksParts {
  readonly store: MessengerStore;
  readonly facebook: Facebook;
  readonly transceiver: Transceiver;
  /** Those that are the store's own are the unit's in a work; others are used as they are. */
  readonly ports: WorkPorts;
}

/** Works in a store: each is a unit, saved as one and told after that. */
export class StoreWorks implements Works {
  readonly ports: WorkPorts;
  onArrived: Works['onArrived'] = () => undefined;
  readonly #parts: StoreWorksParts;
  /** The end of what is to be told, in the order of merging. */
  #tail: Promise<void> = Promise.resolve();

  constructor(parts: StoreWorksParts) {
    this.#parts = parts;
    this.ports = parts.ports;
  }

  async begin(): Promise<Work> {
    try {
      return new StoreWork(await this.#parts.store.begin(), this.#parts, this);
    } catch (error) {
      throw asDimpError(error);
    }
  }

  /** Does something when this is on disk and all that was reported before has been told. */
  report(durable: Promise<void>, done: () => void, lost: () => void): Ended {
    // whoever comes before may take longer to tell than this takes to fail
    durable.catch(() => undefined);
    const saved = this.#tail
      .then(() => durable)
      .then(done, error => {
        lost();
        throw asDimpError(error);
      });
    this.#tail = saved.catch(() => undefined);
    return { saved };
  }

  async idle(): Promise<void> {
    let tail: Promise<void> | undefined;
    while (tail !== this.#tail) {
      tail = this.#tail;
      await tail;
    }
  }
}

class StoreWork implements Work {
  readonly isDirect = false;
  readonly facebook: Facebook;
  readonly transceiver: Transceiver;
  readonly keyStore: KeyStore;
  readonly replay: ReplayMemory | undefined;
  readonly conversations: Conversations | undefined;
  readonly outbox: Outbox | undefined;
  readonly waitingList: WaitingList | undefined;
  readonly #unit: StoreUnit;
  readonly #works: StoreWorks;
  /** Undefined when the Facebook keeps its things elsewhere. */
  readonly #facebookUnit: FacebookUnit | undefined;
  readonly #shown: (() => void)[] = [];
  readonly #saved: (() => void)[] = [];
  readonly #lost: (() => void)[] = [];

  constructor(unit: StoreUnit, { store, facebook, transceiver, ports }: StoreWorksParts, works: StoreWorks) {
    this.#unit = unit;
    this.#works = works;
    const isWithin = facebook.archive === store.archive;
    this.#facebookUnit = isWithin ? new FacebookUnit(facebook, unit.archive) : undefined;
    this.facebook = this.#facebookUnit?.facebook ?? facebook;
    this.keyStore = ports.keyStore === store.keyStore ? unit.keyStore : ports.keyStore;
    this.replay = ports.replay === store.replay ? unit.replay : ports.replay;
    const { conversations, outbox, waitingList } = ports;
    this.conversations = conversations === store.conversations ? unit.conversations : conversations;
    this.outbox = outbox === store.outbox ? unit.outbox : outbox;
    this.waitingList = waitingList === store.waitingList ? unit.waitingList : waitingList;
    this.transceiver = transceiver.over({ barrack: this.facebook.barrack, keyStore: this.keyStore });
  }

  whenShown(action: () => void): void {
    this.#shown.push(action);
  }

  whenSaved(action: () => void): void {
    this.#saved.push(action);
  }

  whenLost(action: () => void): void {
    this.#lost.push(action);
  }

  async end(): Promise<Ended> {
    let durable: Promise<void>;
    try {
      await this.#forgetLeaversKeys();
      ({ durable } = await this.#unit.merge());
    } catch (error) {
      this.#lose();
      throw asDimpError(error);
    }
    this.#facebookUnit?.refresh();
    for (const action of this.#shown) action();
    for (const thing of this.#facebookUnit?.arrived ?? []) this.#works.onArrived(thing);
    return this.#works.report(
      durable,
      () => {
        this.#facebookUnit?.tell();
        for (const action of this.#saved) action();
      },
      () => this.#lose(),
    );
  }

  async abandon(): Promise<Ended> {
    this.#lose();
    const kept = this.#facebookUnit?.keepMetas() ?? Promise.resolve();
    return this.#works.report(
      kept,
      () => undefined,
      () => undefined,
    );
  }

  #lose(): void {
    this.#facebookUnit?.refresh();
    for (const action of this.#lost.splice(0)) action();
  }

  /** Who left a group may have kept its message key: the next message gets a new one. */
  async #forgetLeaversKeys(): Promise<void> {
    const groups = this.#facebookUnit?.leftGroups ?? [];
    if (groups.length === 0) return;
    for (const user of await this.facebook.archive.loadLocalUsers()) {
      for (const group of groups) await this.keyStore.removeKey(user, group);
    }
  }
}
