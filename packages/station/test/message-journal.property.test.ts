import type { OpenedDatabase } from '@dimp/store/synced';
import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { openMessageStore } from '../src/level-message-store.js';
import type { MessageStore } from '../src/message-store.js';
import { Layer, someone, textMessage } from './store-kit.js';
import { until } from './until.js';

const sender = someone('anna');
const receivers = [someone('bob'), someone('carl')] as const;
const devices = ['', 'phone'] as const;
const page = { count: 10_000, bytes: 1_000_000 };

/** A run of the station on records that outlive it: when it is killed, nothing it does comes to disk any more. */
class Run {
  readonly store: MessageStore;
  readonly #killed: { batches: number };

  private constructor(store: MessageStore, killed: { batches: number }) {
    this.store = store;
    this.#killed = killed;
  }

  static async start(layer: Layer): Promise<Run> {
    const killed = { batches: Number.POSITIVE_INFINITY };
    const opened: OpenedDatabase = {
      database: Object.assign(Object.create(layer), {
        supports: layer.supports,
        batch: async (...parameters: Parameters<Layer['batch']>) => {
          if (killed.batches-- <= 0) await new Promise(() => {});
          await layer.batch(...parameters);
        },
        open: () => layer.open(),
        close: () => layer.close(),
        get: layer.get.bind(layer),
        getSync: layer.getSync.bind(layer),
        iterator: layer.iterator.bind(layer),
      }),
    };
    return new Run(await openMessageStore(opened, { clock: () => 1_700_000_000 }), killed);
  }

  /** Kills it when so many more batches are on disk. */
  kill(batches = 0): void {
    this.#killed.batches = batches;
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

type Step =
  | { readonly kind: 'say'; readonly to: number; readonly count: number }
  | { readonly kind: 'repeat' | 'settle' }
  | { readonly kind: 'open'; readonly to: number; readonly device: number }
  | { readonly kind: 'ack'; readonly to: number; readonly device: number; readonly every: number }
  | { readonly kind: 'fail'; readonly to: number; readonly when: 'before' | 'after' }
  | { readonly kind: 'kill'; readonly to: number; readonly batches: number };

const to = fc.nat(1);
const device = fc.nat(1);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('say' as const), to, count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('say' as const), to, count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constantFrom('repeat' as const, 'settle' as const) }),
    fc.record({ kind: fc.constant('open' as const), to, device }),
    fc.record({ kind: fc.constant('ack' as const), to, device, every: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant('ack' as const), to, device, every: fc.constant(1) }),
    fc.record({
      kind: fc.constant('fail' as const),
      to,
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
    fc.record({ kind: fc.constant('kill' as const), to, batches: fc.nat(3) }),
  ),
  { maxLength: 40 },
);

/** A station, and what everybody who uses it knows. */
class World {
  readonly layer: Layer;
  run: Run;
  /** Texts that were said to be stored, by receiver. */
  readonly stored: string[][] = [[], []];
  /** Texts of which nobody heard what became of them. */
  readonly unsure = new Set<string>();
  /** What a device was given and has acknowledged, by receiver and device. */
  readonly acked: Set<string>[][] = receivers.map(() => devices.map(() => new Set<string>()));
  readonly isOpen: boolean[][] = receivers.map(() => devices.map(() => false));
  #last = 0;

  constructor(layer: Layer, run: Run) {
    this.layer = layer;
    this.run = run;
  }

  say(to: number): { readonly text: string; readonly outcome: Promise<string> } {
    const text = `${this.#last++}`;
    const message = textMessage(sender, receivers[to] as (typeof receivers)[0], text);
    return { text, outcome: this.run.store.add(message).then(({ kind }) => kind) };
  }

  async step(step: Step): Promise<void> {
    const { store } = this.run;
    switch (step.kind) {
      case 'say': {
        const said = Array.from({ length: step.count }, () => this.say(step.to));
        for (const { text, outcome } of said) {
          expect(await outcome).toBe('stored');
          this.stored[step.to]?.push(text);
        }
        return;
      }
      case 'repeat':
        for (const [to, texts] of this.stored.entries()) {
          for (const text of texts.slice(-3)) {
            const message = textMessage(sender, receivers[to] as (typeof receivers)[0], text);
            expect((await store.add(message)).kind).toBe('repeated');
          }
        }
        return;
      case 'settle':
        return store.idle();
      case 'open':
        await store.openDevice(receivers[step.to] as (typeof receivers)[0], devices[step.device] as string);
        this.open(step.to, step.device);
        return;
      case 'ack':
        return this.acknowledge(step.to, step.device, step.every);
      case 'fail': {
        this.layer.fails = step.when;
        const { text, outcome } = this.say(step.to);
        await expect(outcome).rejects.toMatchObject({ code: 'ERR_STATION_STORAGE' });
        this.layer.fails = undefined;
        this.unsure.add(text);
        return;
      }
      case 'kill': {
        this.run.kill(step.batches);
        void store.idle();
        this.unsure.add(this.say(step.to).text);
        await turns(12);
        this.run = await Run.start(this.layer);
      }
    }
  }

  /** A device that never was here begins with what is kept. */
  open(to: number, device: number): void {
    if ((this.isOpen[to] as boolean[])[device] === true) return;
    (this.isOpen[to] as boolean[])[device] = true;
    const gone = (this.stored[to] as string[]).filter(text =>
      devices.some((_, other) => this.isOpen[to]?.[other] === true && this.acked[to]?.[other]?.has(text)),
    );
    for (const text of gone) this.acked[to]?.[device]?.add(text);
  }

  async acknowledge(to: number, device: number, every: number): Promise<void> {
    if (this.isOpen[to]?.[device] !== true) return;
    const [user, name] = [receivers[to] as (typeof receivers)[0], devices[device] as string];
    const found = await this.run.store.page(user, name, 0, page);
    for (const [index, { number, data }] of found.entries()) {
      if (index % every !== 0) continue;
      this.run.store.acknowledge(user, name, [number]);
      this.acked[to]?.[device]?.add(Buffer.from(data).toString());
    }
    // after a batch that failed the disk comes first
    await turns(8);
  }

  /** Every device is given, in order and once, what it has not acknowledged; what it has, it may be given again. */
  async check(): Promise<void> {
    for (const [to, user] of receivers.entries()) {
      for (const [device, name] of devices.entries()) {
        const found = await this.run.store.page(user, name, 0, page);
        const texts = found.map(({ data }) => Buffer.from(data).toString());
        expect(new Set(texts).size).toBe(texts.length);
        const numbers = found.map(({ number }) => number);
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        const known = new Set(this.stored[to]);
        expect(texts.filter(text => !known.has(text) && !this.unsure.has(text))).toEqual([]);
        expect(texts.filter(text => known.has(text)).map(Number)).toEqual(
          texts
            .filter(text => known.has(text))
            .map(Number)
            .toSorted((a, b) => a - b),
        );
        if (this.isOpen[to]?.[device] !== true) continue;
        const missing = [...known].filter(
          text => !texts.includes(text) && !this.acked[to]?.[device]?.has(text),
        );
        expect(missing).toEqual([]);
        const pending: number[] = [];
        for await (const part of this.run.store.pending(user, name))
          pending.push(...part.map(({ number }) => number));
        expect(pending).toEqual(numbers);
      }
    }
  }

  /** Nothing is left, nor counted, when everybody has everything. */
  async empty(): Promise<void> {
    for (const [to] of receivers.entries()) {
      await this.step({ kind: 'open', to, device: 0 });
      for (const [device] of devices.entries()) await this.acknowledge(to, device, 1);
    }
    await this.run.store.idle();
    expect(this.run.store.total).toEqual({ messages: 0, bytes: 0 });
    for (const user of receivers) expect(await this.run.store.usage(user)).toEqual({ messages: 0, bytes: 0 });
    this.run = await Run.start(this.layer);
    expect(this.run.store.total).toEqual({ messages: 0, bytes: 0 });
    await this.step({ kind: 'repeat' });
    await this.run.store.close();
  }
}

async function newWorld(): Promise<World> {
  const layer = new Layer();
  await layer.open();
  return new World(layer, await Run.start(layer));
}

describe('a message store that is killed', () => {
  test.prop([steps])('has lost nothing that it said to have, and counts right', async all => {
    const world = await newWorld();
    for (const step of all) {
      await world.step(step);
      await world.check();
    }
    await world.empty();
  });

  it('counts right what was fetched while its records were written', async () => {
    const { layer, run } = await newWorld();
    const users = Array.from({ length: 100 }, (_, number) => someone(`user-${number}`));
    const first = await Promise.all(users.map(user => run.store.add(textMessage(sender, user, 'first'))));
    for (const [index, user] of users.entries()) {
      await run.store.openDevice(user, '');
      const added = first[index];
      run.store.acknowledge(user, '', [added?.kind === 'stored' ? added.number : 0]);
    }
    await run.store.idle();
    // who had the first at once gets the second by the journal only
    const second = await Promise.all(users.map(user => run.store.add(textMessage(sender, user, 'second'))));
    const [before, begun] = [layer.batches.length, layer.begun];
    let open = (): void => {};
    layer.gate = new Promise(resolve => {
      open = resolve;
    });
    const idle = run.store.idle();
    await until(() => layer.begun > begun);
    // his record is being written, and those of others are to follow before the journal goes
    const [added] = second;
    run.store.acknowledge(users[0] as (typeof users)[0], '', [added?.kind === 'stored' ? added.number : 0]);
    run.kill(1);
    open();
    await until(() => layer.batches.length >= before + 2);
    const next = await Run.start(layer);
    expect(next.store.total).toEqual({ messages: 99, bytes: 99 * 6 });
    expect(await next.store.usage(users[0] as (typeof users)[0])).toEqual({ messages: 0, bytes: 0 });
    expect(await next.store.usage(users[1] as (typeof users)[0])).toEqual({ messages: 1, bytes: 6 });
    await next.store.close();
    await Promise.race([idle, Promise.resolve()]);
  });
});
