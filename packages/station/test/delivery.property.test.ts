import type { Database } from '@dimp/store/synced';
import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { Delivery } from '../src/delivery.js';
import { openMessageStore } from '../src/level-message-store.js';
import { MemorySessionDirectory } from '../src/memory-session-directory.js';
import {
  FakeConnection,
  type FakeSession,
  fakeSession,
  packageOf,
  rest,
  signatureOf,
  textsOf,
} from './delivery-kit.js';
import { Layer, someone, textMessage } from './store-kit.js';

const bob = someone('bob');
const senders = ['anna', 'carl', 'dora'].map(someone);
const devices = ['phone', 'desk'];

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('say' as const),
      sender: fc.nat({ max: 2 }),
      count: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('attach' as const),
      device: fc.nat({ max: 1 }),
      isFast: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('detach' as const), device: fc.nat({ max: 1 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('ack' as const),
      device: fc.nat({ max: 1 }),
      count: fc.nat({ max: 8 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('leave' as const), device: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const), isKilled: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rest' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      how: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
);

/** What a process sees of a disk: when it was killed it writes no more. */
class Process implements Database {
  readonly supports: object = { getSync: true };
  readonly #disk: Database;
  isKilled = false;

  constructor(disk: Database) {
    this.#disk = disk;
  }

  open(): Promise<void> {
    return this.#disk.open();
  }

  close(): Promise<void> {
    return this.#disk.close();
  }

  get(...parameters: Parameters<Database['get']>): Promise<Uint8Array | undefined> {
    return this.#disk.get(...parameters);
  }

  getSync(...parameters: Parameters<Database['getSync']>): Uint8Array | undefined {
    return this.#disk.getSync(...parameters);
  }

  batch(...parameters: Parameters<Database['batch']>): Promise<void> {
    return this.isKilled ? new Promise(() => {}) : this.#disk.batch(...parameters);
  }

  iterator(...parameters: Parameters<Database['iterator']>): ReturnType<Database['iterator']> {
    return this.#disk.iterator(...parameters);
  }
}

/** A station over one disk that can be stopped at any time, and what its clients saw. */
class World {
  readonly layer = new Layer();
  readonly accepted: { sender: number; text: string }[] = [];
  /** By device: what came, in order. */
  readonly got: string[][] = [[], []];
  /** By device: what was acknowledged, and when, as a position in `got`. */
  readonly acked: Map<string, number>[] = [new Map(), new Map()];
  readonly sessions: (FakeSession | undefined)[] = [undefined, undefined];
  #seen = [0, 0];
  /** By device: what was acknowledged by its connection. */
  readonly #ackedNow = [new Set<string>(), new Set<string>()];
  #store!: Awaited<ReturnType<typeof openMessageStore>>;
  #directory = new MemorySessionDirectory();
  #delivery!: Delivery;
  #number = 0;
  #process!: Process;

  async open(): Promise<void> {
    await this.layer.open();
    this.#process = new Process(this.layer);
    this.#store = await openMessageStore({ database: this.#process });
    this.#directory = new MemorySessionDirectory();
    this.#delivery = new Delivery({
      store: this.#store,
      sessions: this.#directory,
      window: { count: 5, bytes: 10_000 },
      bufferedBytes: 300,
    });
  }

  get store() {
    return this.#store;
  }

  async say(sender: number, count: number): Promise<void> {
    const works = Array.from({ length: count }, async () => {
      const text = `${sender}-${++this.#number}`;
      const message = textMessage(senders[sender] as (typeof senders)[0], bob, packageOf(text));
      const added = await this.#store.add(message);
      if (added.kind !== 'stored') throw new Error('expected a new message');
      this.accepted.push({ sender, text });
      this.#delivery.offer(bob, { ...added, time: message.time, data: message.data });
    });
    for (const result of await Promise.allSettled(works)) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ERR_STATION_STORAGE' });
    }
  }

  attach(device: number, isFast: boolean): void {
    this.detach(device);
    const connection = new FakeConnection(isFast);
    const session = fakeSession(bob, { device: devices[device] as string, acknowledges: true, connection });
    this.sessions[device] = session;
    this.#seen[device] = 0;
    this.#ackedNow[device]?.clear();
    this.#directory.add(session);
    this.#delivery.attach(session);
  }

  detach(device: number): void {
    const session = this.sessions[device];
    if (session === undefined) return;
    this.look(device);
    this.#delivery.detach(session);
    this.#directory.remove(session);
    session.connection.cut();
    this.sessions[device] = undefined;
  }

  /** The client takes what came, and may acknowledge the oldest that it has not yet. */
  look(device: number): void {
    const session = this.sessions[device];
    if (session === undefined) return;
    const all = textsOf(session.connection);
    // nothing goes by one connection twice
    expect(new Set(all).size).toBe(all.length);
    (this.got[device] as string[]).push(...all.slice(this.#seen[device]));
    this.#seen[device] = all.length;
  }

  ack(device: number, count: number): void {
    const session = this.sessions[device];
    if (session === undefined) return;
    this.look(device);
    const [got, acked] = [this.got[device] as string[], this.acked[device] as Map<string, number>];
    const known = this.#ackedNow[device] as Set<string>;
    const mine = new Set(textsOf(session.connection));
    for (const text of [...mine].filter(text => !known.has(text)).slice(0, count)) {
      known.add(text);
      acked.set(text, acked.get(text) ?? got.length);
      this.#delivery.acknowledged(session, signatureOf(text));
    }
  }

  /** @param isKilled what is not on disk is lost, acknowledgements too */
  async reopen(isKilled: boolean): Promise<void> {
    for (const device of [0, 1]) this.detach(device);
    if (isKilled) {
      this.#process.isKilled = true;
      for (const acked of this.acked) acked.clear();
    } else {
      await this.#store.close();
    }
    await this.open();
  }

  async drain(): Promise<void> {
    this.layer.fails = undefined;
    for (const device of [0, 1]) this.attach(device, true);
    for (let i = 0; i < 40; i++) {
      await rest();
      for (const device of [0, 1]) this.ack(device, 100);
    }
  }
}

describe('delivery from a store', () => {
  test.prop([fc.array(step, { maxLength: 40 })], { numRuns: Number(process.env['FUZZ_RUNS'] ?? 60) })(
    'loses nothing, keeps the order of each sender, and repeats nothing that was acknowledged',
    async steps => {
      const world = new World();
      await world.open();
      // both devices are known, so that all is kept for both
      for (const device of [0, 1]) world.attach(device, true);
      await rest();
      let hasFailed = false;
      for (const one of steps) {
        if (one.kind === 'say') await world.say(one.sender, one.count);
        if (one.kind === 'attach') world.attach(one.device, one.isFast);
        if (one.kind === 'detach') world.detach(one.device);
        if (one.kind === 'ack') world.ack(one.device, one.count);
        if (one.kind === 'leave') world.sessions[one.device]?.connection.leave();
        if (one.kind === 'reopen') await world.reopen(one.isKilled);
        if (one.kind === 'rest') await rest();
        if (one.kind === 'fail') {
          hasFailed = true;
          world.layer.fails = one.how;
          await world.say(0, 1);
          world.layer.fails = undefined;
        }
        for (const device of [0, 1]) world.look(device);
      }
      await world.drain();
      for (const device of [0, 1]) {
        const got = world.got[device] as string[];
        const firsts = [...new Set(got)];
        for (const sender of [0, 1, 2]) {
          const sent = world.accepted.filter(message => message.sender === sender).map(({ text }) => text);
          // what failed may have come to disk nevertheless
          const came = firsts.filter(text => text.startsWith(`${sender}-`) && sent.includes(text));
          expect(came).toEqual(sent);
        }
        // a failure and a kill may lose what was acknowledged, and only these
        if (hasFailed) continue;
        for (const [text, position] of world.acked[device] as Map<string, number>) {
          expect(got.slice(position)).not.toContain(text);
        }
      }
      await world.store.idle();
      expect(world.store.total).toEqual({ messages: 0, bytes: 0 });
      await world.store.close();
    },
  );
});
