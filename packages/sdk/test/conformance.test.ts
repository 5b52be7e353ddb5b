import { formatPackage } from '@dimp/core';
import type { TestRunner } from '@dimp/crypto/conformance';
import { describe, expect, it } from '@jest/globals';
import { archiveConformance, type TransportPair, transportConformance } from '../src/conformance/index.js';
import { type Archive, MemoryArchive, MemoryRelay, type Transport, TransportError } from '../src/index.js';
import { person } from './kit.js';

const runner: TestRunner = { describe, it };

archiveConformance(runner, { create: () => new MemoryArchive() });

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
