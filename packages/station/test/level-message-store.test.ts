import { describe, expect, it } from '@jest/globals';
import { messageStoreConformance } from '../src/conformance/index.js';
import { openMessageStore } from '../src/level-message-store.js';
import type { MessageStore } from '../src/message-store.js';
import { Layer, newFolder, places, someone, storesIn, textMessage } from './store-kit.js';
import { until } from './until.js';

for (const place of places) {
  const stores = storesIn(place);
  messageStoreConformance(
    { describe: (name, body) => describe(`${name} in ${place.name}`, body), it },
    { create: (retention, clock) => stores.create({ retention, clock }), reopen: stores.reopen },
  );
}

const [anna, bob, carl] = [someone('anna'), someone('bob'), someone('carl')];
const page = { count: 1000, bytes: 1_000_000 };

async function kept(store: MessageStore, device = ''): Promise<string[]> {
  return (await store.page(bob, device, 0, page)).map(({ data }) => Buffer.from(data).toString());
}

async function inLayer() {
  const layer = new Layer();
  await layer.open();
  const errors: string[] = [];
  const store = await openMessageStore({ database: layer }, { report: error => errors.push(error.code) });
  return { layer, store, errors };
}

describe.each(places)('a full mailbox in $name', place => {
  const start = 1_700_000_000;
  const day = 86_400;
  const write = (store: MessageStore, text: string) => store.add(textMessage(anna, bob, text));
  const full = { code: 'ERR_STATION_QUOTA' };

  /** A device that came once; 3 messages for it and a phone that comes, and there is no room for a fourth. */
  async function crowded(days: number, isPrompt = false) {
    const clock = { now: start };
    const retention = { days: 30, messagesPerUser: 3, bytesPerUser: 40, totalBytes: 10_000 };
    const stores = storesIn(place);
    const store = await stores.create({ retention, clock: () => clock.now });
    const devices = ['old', 'phone'];
    for (const device of devices) await store.openDevice(bob, device);
    const has = async (device: string, ...texts: readonly string[]) => {
      const found = await store.page(bob, device, 0, page);
      const numbers = found.filter(({ data }) => texts.includes(Buffer.from(data).toString()));
      store.acknowledge(
        bob,
        device,
        numbers.map(({ number }) => number),
      );
    };
    if (isPrompt) {
      await write(store, '0');
      for (const device of devices) await has(device, '0');
    }
    clock.now += days * day;
    await store.openDevice(bob, 'phone');
    for (const text of ['1', '2', '3']) await write(store, text);
    return { clock, store, has, reopen: () => stores.reopen(store) };
  }

  it.each([
    ['from the journal', true],
    ['from the mailbox', false],
  ])(
    'loses what only a device that is gone lacks, oldest first and no more than it takes, %s',
    async (_, isPrompt) => {
      const { store, has, reopen } = await crowded(2, isPrompt);
      await has('phone', '1', '2', '3');
      expect(await write(store, '4')).toMatchObject({ kind: 'stored' });
      expect(await kept(store, 'old')).toEqual(['2', '3', '4']);
      expect(await kept(store, 'phone')).toEqual(['4']);
      expect(await write(store, '5')).toMatchObject({ kind: 'stored' });
      await has('phone', '4', '5');
      expect(await write(store, 'x'.repeat(39))).toMatchObject({ kind: 'stored' });
      expect(await kept(store, 'old')).toEqual(['5', 'x'.repeat(39)]);
      const again = await reopen();
      expect(await again.usage(bob)).toEqual({ messages: 2, bytes: 40 });
      expect(again.total).toEqual({ messages: 2, bytes: 40 });
      await again.close();
    },
  );

  it('keeps what no other device has', async () => {
    const { store, has } = await crowded(2);
    await expect(write(store, '4')).rejects.toMatchObject(full);
    await has('phone', '2');
    expect(await write(store, '4')).toMatchObject({ kind: 'stored' });
    expect(await kept(store, 'old')).toEqual(['1', '3', '4']);
    await expect(write(store, '5')).rejects.toMatchObject(full);
    await store.close();
  });

  it('waits a day for who comes back, and longer for who was seen last', async () => {
    const { clock, store, has } = await crowded(0.9);
    await has('phone', '1', '2', '3');
    await expect(write(store, '4')).rejects.toMatchObject(full);
    await store.openDevice(bob, 'old');
    clock.now += 5 * day;
    await expect(write(store, '4')).rejects.toMatchObject(full);
    await store.openDevice(bob, 'phone');
    expect(await write(store, '4')).toMatchObject({ kind: 'stored' });
    await store.close();
  });

  it('loses nothing for what is too large anyway', async () => {
    const { store, has } = await crowded(2);
    await has('phone', '1', '2', '3');
    await expect(write(store, 'x'.repeat(41))).rejects.toMatchObject(full);
    expect(await kept(store, 'old')).toEqual(['1', '2', '3']);
    await store.close();
  });
});

/** Lets batches wait until `open` is called; `begun` resolves when one does. */
function shut(layer: Layer): { open(): void; begun(): Promise<void> } {
  let open = (): void => {};
  layer.gate = new Promise(resolve => {
    open = resolve;
  });
  const before = layer.begun;
  return {
    open: () => open(),
    begun: () => until(() => layer.begun > before),
  };
}

describe('message store', () => {
  it('writes what comes at the same time in one batch', async () => {
    const { layer, store } = await inLayer();
    const texts = Array.from({ length: 100 }, (_, index) => `${index}`);
    await Promise.all(texts.map(text => store.add(textMessage(anna, bob, text))));
    expect(layer.batches.length).toBe(1);
    // each message, and one record of the journal
    expect(layer.batches[0]?.length).toBe(101);
    expect(await kept(store)).toEqual(texts);
    await store.close();
  });

  it('gathers what comes while a batch is being written', async () => {
    const { layer, store } = await inLayer();
    const { open, begun } = shut(layer);
    const first = store.add(textMessage(anna, bob, 'first'));
    await begun();
    const others = ['a', 'b', 'c'].map(text => store.add(textMessage(anna, bob, text)));
    await new Promise(setImmediate);
    open();
    await Promise.all([first, ...others]);
    expect(layer.batches.length).toBe(2);
    expect(await kept(store)).toEqual(['first', 'a', 'b', 'c']);
    await store.close();
  });

  it('refuses all of a batch that fails, shows nothing of it and goes on', async () => {
    const { layer, store, errors } = await inLayer();
    await store.add(textMessage(anna, bob, 'before'));
    layer.fails = 'before';
    const adds = ['x', 'y'].map(text => store.add(textMessage(anna, bob, text)));
    const results = await Promise.allSettled(adds);
    expect(results.map(result => (result as { reason?: { code: string } }).reason?.code)).toEqual([
      'ERR_STATION_STORAGE',
      'ERR_STATION_STORAGE',
    ]);
    expect(errors).toEqual(['ERR_STATION_STORAGE']);
    expect(await kept(store)).toEqual(['before']);
    expect(store.total).toEqual({ messages: 1, bytes: 6 });
    expect(await store.usage(bob)).toEqual({ messages: 1, bytes: 6 });
    layer.fails = undefined;
    expect((await store.add(textMessage(anna, bob, 'y'))).kind).toBe('stored');
    expect((await store.add(textMessage(anna, bob, 'x'))).kind).toBe('stored');
    expect(await kept(store)).toEqual(['before', 'y', 'x']);
    await store.close();
  });

  it('refuses what was done for the next batch as well', async () => {
    const { layer, store } = await inLayer();
    const { open, begun } = shut(layer);
    const first = store.add(textMessage(anna, bob, 'first'));
    await begun();
    const second = store.add(textMessage(anna, bob, 'second'));
    await new Promise(setImmediate);
    layer.fails = 'before';
    open();
    for (const result of await Promise.allSettled([first, second])) {
      expect(result).toMatchObject({ reason: { code: 'ERR_STATION_STORAGE' } });
    }
    layer.fails = undefined;
    expect((await store.add(textMessage(anna, bob, 'second'))).kind).toBe('stored');
    expect(await kept(store)).toEqual(['second']);
    expect(store.total).toEqual({ messages: 1, bytes: 6 });
    await store.close();
  });

  it('tells a repeat of what is being written, when that is done', async () => {
    const { layer, store } = await inLayer();
    const { open, begun } = shut(layer);
    const adds = [store.add(textMessage(anna, bob, 'x'))];
    await begun();
    adds.push(store.add(textMessage(anna, bob, 'x')));
    await new Promise(setImmediate);
    open();
    expect((await Promise.all(adds)).map(({ kind }) => kind)).toEqual(['stored', 'repeated']);
    expect(await kept(store)).toEqual(['x']);
    await store.close();
  });

  it('removes once what is acknowledged again while it is being removed', async () => {
    const { layer, store } = await inLayer();
    await store.openDevice(bob, '');
    const added = await store.add(textMessage(anna, bob, 'x'));
    await store.add(textMessage(anna, bob, 'y'));
    const numbers = [added.kind === 'stored' ? added.number : 0];
    const { open, begun } = shut(layer);
    store.acknowledge(bob, '', numbers);
    const other = store.add(textMessage(anna, carl, 'z'));
    await begun();
    store.acknowledge(bob, '', numbers);
    await new Promise(setImmediate);
    open();
    await other;
    await store.idle();
    expect(store.total).toEqual({ messages: 2, bytes: 2 });
    expect(await store.usage(bob)).toEqual({ messages: 1, bytes: 1 });
    await store.close();
  });

  it('counts right when a batch came to disk although it failed', async () => {
    const { layer, store } = await inLayer();
    layer.fails = 'after';
    await expect(store.add(textMessage(anna, bob, 'x'))).rejects.toMatchObject({
      code: 'ERR_STATION_STORAGE',
    });
    layer.fails = undefined;
    expect((await store.add(textMessage(anna, bob, 'x'))).kind).toBe('repeated');
    expect((await store.add(textMessage(anna, bob, 'y'))).kind).toBe('stored');
    expect(await kept(store)).toEqual(['x', 'y']);
    expect(store.total).toEqual({ messages: 2, bytes: 2 });
    await store.close();
  });

  it('refuses while the disk cannot be read, and gives what was there afterwards', async () => {
    const { layer, store } = await inLayer();
    await store.add(textMessage(anna, bob, 'before'));
    layer.readFails = true;
    // of bob everything is in memory
    await expect(store.add(textMessage(anna, carl, 'x'))).rejects.toMatchObject({
      code: 'ERR_STATION_STORAGE',
    });
    await expect(store.page(bob, '', 0, page)).rejects.toMatchObject({ code: 'ERR_STORE_CORRUPT' });
    layer.readFails = false;
    expect(await kept(store)).toEqual(['before']);
    await store.close();
  });

  it('keeps acknowledgements for a while, and writes them with what comes', async () => {
    const { layer, store } = await inLayer();
    await store.openDevice(bob, '');
    const added = await store.add(textMessage(anna, bob, 'x'));
    const before = layer.batches.length;
    store.acknowledge(bob, '', [added.kind === 'stored' ? added.number : 0]);
    expect(await kept(store)).toEqual([]);
    await new Promise(setImmediate);
    expect(layer.batches.length).toBe(before);
    await store.add(textMessage(anna, carl, 'y'));
    expect(layer.batches.length).toBe(before + 1);
    expect(await store.usage(bob)).toEqual({ messages: 0, bytes: 0 });
    await store.close();
  });

  it('writes acknowledgements by and by when nothing comes', async () => {
    const { layer, store } = await inLayer();
    await store.openDevice(bob, '');
    const added = await store.add(textMessage(anna, bob, 'x'));
    const before = layer.batches.length;
    store.acknowledge(bob, '', [added.kind === 'stored' ? added.number : 0]);
    await until(() => layer.batches.length > before);
    expect(store.total).toEqual({ messages: 0, bytes: 0 });
    await store.close();
  });

  it('ignores numbers that were never given', async () => {
    const { store } = await inLayer();
    await store.openDevice(bob, '');
    const added = await store.add(textMessage(anna, bob, 'x'));
    const number = added.kind === 'stored' ? added.number : 0;
    store.acknowledge(bob, '', [number + 1, number + 2, 5]);
    await store.idle();
    await store.add(textMessage(anna, bob, 'y'));
    expect(await kept(store)).toEqual(['x', 'y']);
    await store.close();
  });

  it('tells 32 devices of a user apart, and forgets who was gone for longest', async () => {
    const layer = new Layer();
    await layer.open();
    let now = 1_700_000_000;
    const store = await openMessageStore({ database: layer }, { clock: () => now });
    for (let index = 0; index < 33; index++) {
      now++;
      await store.openDevice(bob, `device ${index}`);
    }
    const added = await store.add(textMessage(anna, bob, 'x'));
    const number = added.kind === 'stored' ? added.number : 0;
    for (let index = 1; index < 33; index++) store.acknowledge(bob, `device ${index}`, [number]);
    await store.idle();
    expect(await store.usage(bob)).toEqual({ messages: 0, bytes: 0 });
    await store.close();
  });

  it('takes a device back that acknowledges after it was forgotten', async () => {
    const { store } = await inLayer();
    const added = await store.add(textMessage(anna, bob, 'x'));
    store.acknowledge(bob, 'phone', [added.kind === 'stored' ? added.number : 0]);
    await store.idle();
    expect(store.total).toEqual({ messages: 0, bytes: 0 });
    await store.close();
  });

  it('leaves nothing of users who were gone for a retention, nor of what they got', async () => {
    const layer = new Layer();
    await layer.open();
    let now = 1_700_000_000;
    const store = await openMessageStore({ database: layer }, { clock: () => now });
    await store.openDevice(bob, 'phone');
    const messages = Array.from({ length: 600 }, (_, index) => textMessage(anna, bob, `${index}`, now));
    await Promise.all(messages.map(message => store.add(message)));
    now += 100 * 86_400;
    expect((await store.sweep(now)).messages).toBe(600);
    await store.sweep(now);
    const rest = await layer
      .iterator({
        gte: Uint8Array.of(0),
        lt: Uint8Array.of(255),
        keyEncoding: 'view',
        valueEncoding: 'view',
      })
      .nextv(10);
    // the totals only
    expect(rest.map(([key]) => key.length)).toEqual([1]);
    await store.close();
  });

  it('gives numbers that go on when a user was forgotten', async () => {
    const layer = new Layer();
    await layer.open();
    let now = 1_700_000_000;
    const store = await openMessageStore({ database: layer }, { clock: () => now });
    const first = await store.add(textMessage(anna, bob, 'x', now));
    now += 100 * 86_400;
    await store.sweep(now);
    await store.close();
    await layer.open();
    const next = await openMessageStore({ database: layer }, { clock: () => now });
    const second = await next.add(textMessage(anna, bob, 'y', now));
    if (first.kind !== 'stored' || second.kind !== 'stored') throw new Error('expected both to be stored');
    expect(second.number).toBeGreaterThan(first.number);
    await next.close();
  });

  it('refuses with an error when it was closed', async () => {
    const { store } = await inLayer();
    await store.close();
    await expect(store.add(textMessage(anna, bob, 'x'))).rejects.toMatchObject({
      code: 'ERR_STATION_STORAGE',
    });
  });

  it('writes no ID to disk', async () => {
    const { layer, store } = await inLayer();
    await store.openDevice(bob, 'phone');
    await store.add(textMessage(anna, bob, 'x'));
    const written = layer.batches.flat().map(operation => Buffer.from(operation.key).toString('latin1'));
    expect(written.some(text => /anna|bob|anywhere/.test(text))).toBe(false);
    await store.close();
  });

  it('opens in a folder, where a second one is refused', async () => {
    const { openFolder } = await import('@dimp/store/folder');
    const folder = await newFolder();
    const store = await openMessageStore(await openFolder(folder));
    await expect(openFolder(folder)).rejects.toMatchObject({ code: 'ERR_STORE_LOCKED' });
    await store.close();
  });
});
