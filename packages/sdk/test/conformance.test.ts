import { formatPackage } from '@dimp/core';
import type { TestRunner } from '@dimp/crypto/conformance';
import { describe, expect, it } from '@jest/globals';
import {
  archiveConformance,
  conversationsConformance,
  outboxConformance,
  replayMemoryConformance,
  type TransportPair,
  transportConformance,
  waitingListConformance,
} from '../src/conformance/index.js';
import {
  type Archive,
  MemoryArchive,
  MemoryConversations,
  MemoryOutbox,
  MemoryRelay,
  MemoryReplayMemory,
  MemoryWaitingList,
  type Transport,
  TransportError,
} from '../src/index.js';
import { person } from './kit.js';

const runner: TestRunner = { describe, it };

archiveConformance(runner, { create: () => new MemoryArchive() });

replayMemoryConformance(runner, { create: bounds => new MemoryReplayMemory(bounds) });

conversationsConformance(runner, { create: options => new MemoryConversations(options) });

outboxConformance(runner, { create: () => new MemoryOutbox() });

waitingListConformance(runner, { create: () => new MemoryWaitingList() });

transportConformance(runner, { create: () => relayPair(new MemoryRelay()) });

/** Two users on a relay; the way is cut by a transport in between. */
async function relayPair(relay: MemoryRelay): Promise<TransportPair> {
  const [alice, bob] = [await person('alice'), await person('bob')];
  let isCut = false;
  const near = relay.connect(alice.id);
  return {
    near: {
      ...near,
      async send(data, options) {
        if (isCut) throw new TransportError('The way is cut.');
        await near.send(data, options);
      },
    },
    far: relay.connect(bob.id),
    package: (number, size = 100) =>
      formatPackage({
        envelope: { sender: alice.id, receiver: bob.id, time: number },
        data: new Uint8Array(size),
        signature: Uint8Array.of(1),
        extra: {},
      }),
    cut() {
      isCut = true;
    },
  };
}

/** Runs a suite and tells which of its parts failed. */
async function failures(suite: (runner: TestRunner) => void): Promise<readonly string[]> {
  const parts: [string, () => Promise<void>][] = [];
  suite({ describe: (_, body) => body(), it: (name, body) => void parts.push([name, body]) });
  const failed: string[] = [];
  for (const [name, body] of parts) {
    try {
      await body();
    } catch (error) {
      expect((error as Error).name).toBe('Error');
      failed.push(name);
    }
  }
  return failed;
}

/** An archive in memory with other methods in place of some. */
function altered(change: (archive: MemoryArchive) => Partial<Archive>): () => Archive {
  return () => {
    const archive = new MemoryArchive();
    const changes: Partial<Record<PropertyKey, unknown>> = change(archive);
    return new Proxy<Archive>(archive, {
      get(_target, name) {
        if (changes[name] !== undefined) return changes[name];
        const value: unknown = Reflect.get(archive, name);
        return typeof value === 'function' ? value.bind(archive) : value;
      },
    });
  };
}

describe('the suite of archives finds', () => {
  it('nothing in one that is good, in one run and the next', async () => {
    const failed = await failures(runner =>
      archiveConformance(runner, { create: () => new MemoryArchive(), reopen: archive => archive }),
    );
    expect(failed).toEqual([]);
  });

  it('one that forgets everything', async () => {
    const failed = await failures(runner =>
      archiveConformance(runner, { create: () => new MemoryArchive(), reopen: () => new MemoryArchive() }),
    );
    expect(failed).toEqual(['has everything in the next run of the program']);
  });

  it('one that replaces metas', async () => {
    const create = altered(() => {
      const metas = new Map<string, Awaited<ReturnType<Archive['loadMeta']>>>();
      return {
        saveMeta: (id, meta) => void metas.set(id.key, meta),
        loadMeta: id => metas.get(id.key),
      };
    });
    const failed = await failures(runner => archiveConformance(runner, { create }));
    expect(failed).toEqual(['never changes a meta', 'finds the IDs of an address']);
  });

  it('one that files by text, or keeps the list of the caller', async () => {
    const create = altered(archive => {
      const contacts = new Map<string, Parameters<Archive['saveContacts']>[1]>();
      return {
        saveContacts: (user, list) => void contacts.set(user.text, list),
        loadContacts: user => contacts.get(user.text) ?? [],
        saveMembers: (group, members) => archive.saveMembers(group, members ?? []),
      };
    });
    const failed = await failures(runner => archiveConformance(runner, { create }));
    expect(failed).toEqual([
      'keeps lists in their order, each for whom it is',
      'keeps a list as it was given when the giver writes to his own',
    ]);
  });

  it('one that loses old private keys', async () => {
    const create = altered(archive => ({
      saveUserKeys: (user, keys) =>
        archive.saveUserKeys(user, { ...keys, profileKeys: keys.profileKeys.slice(0, 1) }),
    }));
    const failed = await failures(runner => archiveConformance(runner, { create }));
    expect(failed).toEqual(['keeps the private keys of a user in their order, and they work']);
  });
});

describe('the suite of replay memories finds', () => {
  it('one that forgets everything, or nothing', async () => {
    const forgetful = await failures(runner =>
      replayMemoryConformance(runner, {
        create: bounds => new MemoryReplayMemory(bounds),
        reopen: () => new MemoryReplayMemory(),
      }),
    );
    expect(forgetful).toEqual(['remembers in the next run of the program, and in the same order']);
    const endless = await failures(runner =>
      replayMemoryConformance(runner, {
        create: ({ clock }) => new MemoryReplayMemory({ clock, window: Number.POSITIVE_INFINITY }),
      }),
    );
    expect(endless).toEqual([
      'forgets what is older than its window',
      'forgets the oldest when there are too many',
    ]);
  });
});

describe('the suite of transports finds', () => {
  /** A pair whose near end, far end or both are others. */
  async function pairWith(change: (pair: TransportPair) => Partial<TransportPair>): Promise<TransportPair> {
    const pair = await relayPair(new MemoryRelay());
    return { ...pair, ...change(pair) };
  }

  const failuresOf = (change: (pair: TransportPair) => Partial<TransportPair>) =>
    failures(runner => transportConformance(runner, { create: () => pairWith(change) }));

  it('one that carries twice', async () => {
    const twice = (near: Transport): Transport => ({
      ...near,
      async send(data, options) {
        await near.send(data, options);
        await near.send(data, options);
      },
    });
    expect(await failuresOf(({ near }) => ({ near: twice(near) }))).toContain(
      'carries packages as they are, in order',
    );
  });

  it('one that never stops calling', async () => {
    const endless = (far: Transport): Transport => ({
      ...far,
      subscribe(listener) {
        far.subscribe(listener);
        return () => undefined;
      },
    });
    expect(await failuresOf(({ far }) => ({ far: endless(far) }))).toEqual([
      'calls every listener, each until it is stopped',
      'calls a listener no more as soon as it is stopped',
    ]);
  });

  it('one that ignores signals, or does not notice that the way is cut', async () => {
    const careless = (near: Transport): Transport => ({ ...near, send: data => near.send(data) });
    expect(await failuresOf(({ near }) => ({ near: careless(near) }))).toEqual([
      'does not send what was broken off before',
    ]);
    const silentCut = await failuresOf(() => ({ cut: () => undefined }));
    expect(silentCut).toEqual(['fails with ERR_TRANSPORT when the way is cut']);
  });
});

/** A port in memory with other methods in place of some. */
function changed<T extends object>(port: T, changes: Partial<T>): T {
  return new Proxy(port, {
    get(_target, name) {
      if (Object.hasOwn(changes, name)) return changes[name as keyof T];
      const value: unknown = Reflect.get(port, name);
      return typeof value === 'function' ? value.bind(port) : value;
    },
  });
}

describe('the suite of conversations finds', () => {
  const failuresOf = (
    change: (port: MemoryConversations) => Partial<MemoryConversations>,
  ): Promise<readonly string[]> =>
    failures(runner =>
      conversationsConformance(runner, {
        create: options => {
          const port = new MemoryConversations(options);
          return changed(port, change(port));
        },
        reopen: port => port,
      }),
    );

  it('nothing in those that are good, in one run and the next', async () => {
    expect(await failuresOf(() => ({}))).toEqual([]);
  });

  it('those that forget everything', async () => {
    const failed = await failures(runner =>
      conversationsConformance(runner, {
        create: options => new MemoryConversations(options),
        reopen: () => new MemoryConversations(),
      }),
    );
    expect(failed).toEqual(['are there in the next run of the program']);
  });

  it('those that keep everything for ever', async () => {
    const failed = await failures(runner =>
      conversationsConformance(runner, { create: ({ clock }) => new MemoryConversations({ clock }) }),
    );
    expect(failed).toEqual([
      'keep as many as they are to keep',
      'keep what is young enough',
      'keep what has room',
    ]);
  });

  it('those that let states go back, or count what was read', async () => {
    const backward = await failuresOf(port => ({
      update: (place, change) => port.update(place, { ...change, state: 'sent' }),
    }));
    expect(backward).toEqual([
      'note how far a message has come, never back',
      'are there in the next run of the program',
    ]);
    const unread = await failuresOf(() => ({ markRead: () => undefined }));
    expect(unread).toEqual(['count what was not read', 'are there in the next run of the program']);
  });

  it('those that search by parts of words, or not in a page', async () => {
    const failed = await failuresOf(port => ({
      search: (conversation, text) =>
        port
          .list(conversation, { limit: 1000 })
          .filter(({ message: { content } }) => content.kind === 'text' && content.text.includes(text)),
    }));
    expect(failed).toEqual([
      'give no page whose limit is no number of messages',
      'find whole words, in large and small letters',
      'find parts of texts in scripts without spaces',
      'find in many messages, page by page, and not what was removed',
      'are there in the next run of the program',
    ]);
  });
});

describe('the suites of outboxes and waiting lists find', () => {
  it('those that forget everything, or nothing', async () => {
    const forgetful = await failures(runner => {
      outboxConformance(runner, { create: () => new MemoryOutbox(), reopen: () => new MemoryOutbox() });
      waitingListConformance(runner, {
        create: () => new MemoryWaitingList(),
        reopen: () => new MemoryWaitingList(),
      });
    });
    const next = 'has everything in the next run of the program, and goes on behind it';
    expect(forgetful).toEqual([next, next]);
    const keeping = await failures(runner => {
      outboxConformance(runner, {
        create: () => changed(new MemoryOutbox(), { remove: () => undefined }),
        reopen: port => port,
      });
      waitingListConformance(runner, {
        create: () => changed(new MemoryWaitingList(), { remove: () => undefined }),
        reopen: port => port,
      });
    });
    expect(keeping).toEqual([
      'gives up what is removed, and never its number to another',
      next,
      'keeps the order of what is put in at the same time, and gives up what is removed',
    ]);
  });

  it('those that turn the order around', async () => {
    const failed = await failures(runner => {
      const outbox = (): MemoryOutbox => {
        const port = new MemoryOutbox();
        return changed(port, { list: () => [...port.list()].reverse() });
      };
      outboxConformance(runner, { create: outbox });
    });
    expect(failed).toEqual([
      'keeps packages exactly and in order',
      'keeps the order of what is put in at the same time',
      'gives up what is removed, and never its number to another',
    ]);
  });
});
