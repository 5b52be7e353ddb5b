import type { TestRunner } from '@dimp/crypto/conformance';
import type { Awaitable } from '@dimp/mkm';
import type { MessageStore } from '../message-store.js';
import type { RetentionOptions } from '../options.js';
import { check, checkSame } from './check.js';
import { acknowledgeAll, anna, bob, carl, checkKept, page, sample, start, texts } from './message-samples.js';

/** What the suite is told. */
export interface MessageStoreConformance {
  /** Makes an empty store with this retention and this clock. Each test asks for one of its own. */
  readonly create: (retention: RetentionOptions, clock: () => number) => Awaitable<MessageStore>;
  /** Opens again what is kept of a store, as the next run of a station does. Without it that is not tested. */
  readonly reopen?: (store: MessageStore) => Awaitable<MessageStore>;
}

const secondsPerDay = 86_400;

/** What a test works with. */
interface Bench {
  readonly store: MessageStore;
  /** Seconds; goes on only when a test sets it. */
  now: number;
}

/**
 * What every message store must do: keep what it took until every device of the receiver has it, tell repeats, and give
 * back in order.
 *
 * @example
 * messageStoreConformance({ describe, it }, {
 *   async create(retention, clock) {
 *     const database = createMemoryDatabase()
 *     await database.open()
 *     return openMessageStore({ database }, { retention, clock })
 *   },
 * })
 */
export function messageStoreConformance(runner: TestRunner, options: MessageStoreConformance): void {
  const { create, reopen } = options;
  const test = (
    name: string,
    body: (bench: Bench) => Promise<void>,
    bounds: Partial<RetentionOptions> = {},
  ): void =>
    runner.it(name, async () => {
      const clock = { now: start };
      const all = {
        days: 10,
        messagesPerUser: 1000,
        bytesPerUser: 1_000_000,
        totalBytes: 10_000_000,
        ...bounds,
      };
      const bench = Object.assign(clock, { store: await create(all, () => clock.now) });
      await body(bench);
      await bench.store.close();
    });

  runner.describe('message store', () => {
    test('is empty at first', async ({ store }) => {
      await checkKept(store, bob, 'phone', []);
      checkSame(await store.usage(bob), { messages: 0, bytes: 0 }, 'usage');
      checkSame(store.total, { messages: 0, bytes: 0 }, 'total');
    });

    test('gives packages back as they came, in order', async ({ store }) => {
      const sent = [1, 2, 3].map(number => sample(number));
      const added = await Promise.all(sent.map(message => store.add(message)));
      const found = await store.page(bob, '', 0, page);
      checkSame(
        found.map(({ data, time }) => [...data, time]),
        sent.map(({ data, time }) => [...data, time]),
        'packages',
      );
      checkSame(
        found.map(({ number, senderTag }) => ({ kind: 'stored', number, senderTag })),
        added,
        'numbers and senders',
      );
      const numbers = found.map(({ number }) => number);
      checkSame(
        numbers,
        numbers.toSorted((a, b) => a - b),
        'order',
      );
      checkSame(await store.usage(bob), { messages: 3, bytes: 6 }, 'usage');
      checkSame(await store.usage(anna), { messages: 0, bytes: 0 }, 'usage of the sender');
      checkSame(store.total, { messages: 3, bytes: 6 }, 'total');
    });

    test('tells senders apart', async ({ store }) => {
      for (const [index, sender] of [anna, carl, anna].entries())
        await store.add({ ...sample(index), sender });
      const tags = (await store.page(bob, '', 0, page)).map(({ senderTag }) => senderTag);
      check(tags[0] === tags[2] && tags[0] !== tags[1], 'sender tags: expected equal ones for one sender');
    });

    test('gives pages of a count and of bytes, and one message whatever its size', async ({ store }) => {
      for (const number of [1, 2, 3, 4]) await store.add(sample(number));
      const [first, second] = await store.page(bob, '', 0, { count: 2, bytes: 1000 });
      check(first !== undefined && second !== undefined, 'a page of two: expected two');
      checkSame(
        await texts(store, bob, '', second.number, { count: 2, bytes: 1000 }),
        ['3', '4'],
        'the next page',
      );
      checkSame(await texts(store, bob, '', 0, { count: 9, bytes: 5 }), ['1', '2'], 'a page of 5 bytes');
      checkSame(await texts(store, bob, '', 0, { count: 9, bytes: 1 }), ['1'], 'a page of 1 byte');
    });

    test('takes a message once for each receiver and sender', async ({ store }) => {
      const message = sample(1);
      const together = await Promise.all([store.add(message), store.add(message)]);
      checkSame(
        together.map(({ kind }) => kind),
        ['stored', 'repeated'],
        'two at once',
      );
      checkSame((await store.add({ ...message, time: start + 5 })).kind, 'repeated', 'once more');
      checkSame((await store.add({ ...message, receiver: carl })).kind, 'stored', 'to another');
      checkSame((await store.add({ ...message, sender: carl })).kind, 'stored', 'from another');
      await store.openDevice(bob, '');
      await acknowledgeAll(store, bob, '');
      checkSame((await store.add(message)).kind, 'repeated', 'when it was fetched');
    });

    test('keeps a message until all devices have it', async ({ store }) => {
      await store.openDevice(bob, 'phone');
      await store.openDevice(bob, 'desk');
      for (const number of [1, 2, 3]) await store.add(sample(number));
      const [, second] = await store.page(bob, 'phone', 0, page);
      store.acknowledge(bob, 'phone', [second?.number ?? 0]);
      await store.idle();
      await checkKept(store, bob, 'phone', ['1', '3']);
      await checkKept(store, bob, 'desk', ['1', '2', '3']);
      await acknowledgeAll(store, bob, 'phone');
      await checkKept(store, bob, 'phone', []);
      await checkKept(store, bob, 'desk', ['1', '2', '3']);
      await acknowledgeAll(store, bob, 'desk');
      await checkKept(store, bob, 'desk', []);
      checkSame(await store.usage(bob), { messages: 0, bytes: 0 }, 'usage');
      checkSame(store.total, { messages: 0, bytes: 0 }, 'total');
    });

    test('gives a new device all that is still kept', async ({ store }) => {
      await store.openDevice(bob, 'phone');
      for (const number of [1, 2]) await store.add(sample(number));
      await acknowledgeAll(store, bob, 'phone');
      await store.add(sample(3));
      await store.openDevice(bob, 'desk');
      await checkKept(store, bob, 'desk', ['3']);
    });

    test('gives everything once to a device that acknowledges twice', async ({ store }) => {
      await store.openDevice(bob, '');
      await store.add(sample(1));
      const [first] = await store.page(bob, '', 0, page);
      store.acknowledge(bob, '', [first?.number ?? 0]);
      store.acknowledge(bob, '', [first?.number ?? 0]);
      await store.idle();
      checkSame(await store.usage(bob), { messages: 0, bytes: 0 }, 'usage');
    });

    test('refuses what is too much for one receiver, and takes it when there is room', quota, {
      messagesPerUser: 2,
    });
    test('refuses too many bytes for one receiver', quota, { bytesPerUser: 5 });

    test('removes what is too old', async bench => {
      const { store } = bench;
      await store.openDevice(bob, 'phone');
      await store.add(sample(1));
      bench.now = start + 6 * secondsPerDay;
      await store.openDevice(bob, 'phone');
      await store.add({ ...sample(2), time: bench.now });
      checkSame(await store.sweep(start + 9 * secondsPerDay), { messages: 0, bytes: 0 }, 'first sweep');
      checkSame(await store.sweep(start + 11 * secondsPerDay), { messages: 1, bytes: 2 }, 'second sweep');
      await checkKept(store, bob, 'phone', ['2']);
      checkSame(store.total, { messages: 1, bytes: 2 }, 'total');
      checkSame(await store.sweep(start + 99 * secondsPerDay), { messages: 1, bytes: 2 }, 'third sweep');
      checkSame(
        (await store.add({ ...sample(2), time: start + 99 * secondsPerDay })).kind,
        'stored',
        'later',
      );
    });

    test('forgets a device that does not come, and what only it did not have', async bench => {
      const { store } = bench;
      await store.openDevice(bob, 'lost');
      bench.now = start + 9 * secondsPerDay;
      await store.openDevice(bob, 'phone');
      for (const number of [1, 2, 3]) await store.add({ ...sample(number), time: bench.now });
      const [, second] = await store.page(bob, 'phone', 0, page);
      store.acknowledge(bob, 'phone', [second?.number ?? 0]);
      await store.idle();
      checkSame(await store.usage(bob), { messages: 3, bytes: 6 }, 'usage before');
      checkSame(await store.sweep(start + 11 * secondsPerDay), { messages: 1, bytes: 2 }, 'swept');
      await checkKept(store, bob, 'phone', ['1', '3']);
      await checkKept(store, bob, 'new', ['1', '3']);
    });

    if (reopen === undefined) return;
    test('has everything in the next run of the station', async bench => {
      await bench.store.openDevice(bob, 'phone');
      for (const number of [1, 2, 3]) await bench.store.add(sample(number));
      const [, second] = await bench.store.page(bob, 'phone', 0, page);
      bench.store.acknowledge(bob, 'phone', [second?.number ?? 0]);
      await bench.store.idle();
      const store = await reopen(bench.store);
      await checkKept(store, bob, 'phone', ['1', '3']);
      checkSame(await store.usage(bob), { messages: 2, bytes: 4 }, 'usage');
      checkSame(store.total, { messages: 2, bytes: 4 }, 'total');
      checkSame((await store.add(sample(3))).kind, 'repeated', 'what came before');
      await store.add(sample(4));
      await checkKept(store, bob, 'phone', ['1', '3', '4']);
      await store.close();
    });
  });
}

async function quota({ store }: Bench): Promise<void> {
  await store.openDevice(bob, '');
  await store.add(sample(1));
  await store.add(sample(2));
  let code: unknown;
  try {
    await store.add(sample(3));
  } catch (error) {
    code = Object(error).code;
  }
  checkSame(code, 'ERR_STATION_QUOTA', 'one more');
  checkSame((await store.add(sample(2))).kind, 'repeated', 'one that came before');
  checkSame((await store.add({ ...sample(3), receiver: carl })).kind, 'stored', 'one for another');
  await checkKept(store, bob, '', ['1', '2']);
  await acknowledgeAll(store, bob, '');
  checkSame((await store.add(sample(3))).kind, 'stored', 'the same when there is room');
}
