import { equalBytes } from '@dimp/crypto';
import { aes } from '@dimp/crypto/aes';
import type { TestRunner } from '@dimp/crypto/conformance';
import { equalSymmetricKey } from '@dimp/crypto/match';
import { type Awaitable, createBtcAddress, createID, type ID } from '@dimp/mkm';
import type { KeyStore, MessageKey, WrappedKey } from '../key-store.js';

export interface KeyStoreConformance {
  /** Makes an empty store. The suite asks for a new one in every test. */
  readonly create: () => Awaitable<KeyStore>;
}

/** What every key store must do: file message keys by direction, and give back all that was put in. */
export function keyStoreConformance(runner: TestRunner, options: KeyStoreConformance): void {
  const test = (name: string, body: (store: KeyStore) => Promise<void>): void =>
    runner.it(name, async () => body(await options.create()));

  runner.describe('key store', () => {
    test('has a policy that makes sense', async ({ policy }) => {
      check(policy.maxMessages >= 1, 'maxMessages: at least one message is sent with a key');
      check(policy.maxAge >= 0, 'maxAge: no less than 0 seconds');
    });

    test('is empty at first', async store => {
      check((await store.loadKey(alice, bob)) === undefined, 'a new store: expected nothing');
      await store.removeKey(alice, bob);
    });

    test('gives back what was saved, with everything in it', async store => {
      const entry = await createEntry({ uses: 3, pinned: true, wrapped: sampleWrapped });
      await store.saveKey(alice, bob, entry);
      await checkEntry(store, alice, bob, entry);
    });

    test('makes nothing up that was not saved', async store => {
      await store.saveKey(alice, bob, await createEntry());
      const loaded = await store.loadKey(alice, bob);
      check(loaded?.pinned !== true, 'pinned: expected false or absent');
      check((loaded?.wrapped?.size ?? 0) === 0, 'wrapped: expected none');
    });

    test('tells the two directions and the targets apart', async store => {
      const [there, back, group] = [await createEntry(), await createEntry(), await createEntry()];
      await store.saveKey(alice, bob, there);
      await store.saveKey(bob, alice, back);
      await store.saveKey(alice, friends, group);
      await checkEntry(store, alice, bob, there);
      await checkEntry(store, bob, alice, back);
      await checkEntry(store, alice, friends, group);
      check((await store.loadKey(bob, friends)) === undefined, 'another sender: expected nothing');
    });

    test('tells names apart, which may hold blanks and any other letters', async store => {
      const names = ['a', 'a b', 'b', '', 'A', '名', '__proto__', 'a\n', 'a:b', 'a>b', '..', 'a\\b', '%2F'];
      const entries = await Promise.all(names.map(() => createEntry()));
      for (const [index, name] of names.entries()) {
        await store.saveKey(named(name), bob, entries[index] as MessageKey);
        await store.saveKey(alice, named(name), entries[index] as MessageKey);
      }
      for (const [index, name] of names.entries()) {
        await checkEntry(store, named(name), bob, entries[index] as MessageKey);
        await checkEntry(store, alice, named(name), entries[index] as MessageKey);
      }
    });

    test('files under IDs without their terminals', async store => {
      const entry = await createEntry();
      await store.saveKey(createID({ ...alice, terminal: 'phone' }), bob, entry);
      await checkEntry(store, alice, createID({ ...bob, terminal: 'pad' }), entry);
      const newer = await createEntry();
      await store.saveKey(alice, bob, newer);
      await checkEntry(store, createID({ ...alice, terminal: 'phone' }), bob, newer);
    });

    test('puts a newer key in place of the old one', async store => {
      await store.saveKey(alice, bob, await createEntry({ uses: 1, pinned: true, wrapped: sampleWrapped }));
      const newer = await createEntry({ uses: 2 });
      await store.saveKey(alice, bob, newer);
      await checkEntry(store, alice, bob, newer);
    });

    test('removes one direction and leaves the others', async store => {
      const back = await createEntry();
      await store.saveKey(alice, bob, await createEntry());
      await store.saveKey(bob, alice, back);
      await store.removeKey(createID({ ...alice, terminal: 'phone' }), bob);
      check((await store.loadKey(alice, bob)) === undefined, 'after removing: expected nothing');
      await checkEntry(store, bob, alice, back);
    });

    test('takes many keys at the same time', async store => {
      const people = Array.from({ length: 20 }, (_, index) => named(`member ${index}`));
      const entries = await Promise.all(people.map(() => createEntry()));
      await Promise.all(people.map(async (one, i) => store.saveKey(one, alice, entries[i] as MessageKey)));
      await Promise.all(people.map((one, i) => checkEntry(store, one, alice, entries[i] as MessageKey)));
    });
  });
}

function named(name: string, network = 0x08): ID {
  return createID({ name, address: createBtcAddress(Uint8Array.of(7), network) });
}

const alice: ID = /* @__PURE__ */ named('alice');
const bob: ID = /* @__PURE__ */ named('bob');
const friends: ID = /* @__PURE__ */ named('friends', 0x10);

const sampleWrapped: ReadonlyMap<string, WrappedKey> = /* @__PURE__ */ new Map([
  [bob.key, { material: Uint8Array.of(1, 2, 3), encryptedKey: Uint8Array.of(0, 255, 7) }],
  ['__proto__', { material: new Uint8Array(0), encryptedKey: Uint8Array.of(1) }],
]);

async function createEntry(parts: Partial<MessageKey> = {}): Promise<MessageKey> {
  return { key: await aes.generateKey(), time: 1_586_000_000.25, uses: 0, ...parts };
}

async function checkEntry(store: KeyStore, sender: ID, target: ID, wanted: MessageKey): Promise<void> {
  const what = `${sender.key} to ${target.key}`;
  const entry = await store.loadKey(sender, target);
  if (entry === undefined) throw new Error(`${what}: expected the key that was saved, got nothing`);
  check(equalSymmetricKey(entry.key, wanted.key), `${what}: expected the key that was saved, got another`);
  check(entry.time === wanted.time, `${what}: time ${entry.time} instead of ${wanted.time}`);
  check(entry.uses === wanted.uses, `${what}: uses ${entry.uses} instead of ${wanted.uses}`);
  check((entry.pinned ?? false) === (wanted.pinned ?? false), `${what}: pinned is another`);
  const [found, expected] = [entry.wrapped ?? new Map(), wanted.wrapped ?? new Map()];
  check(found.size === expected.size, `${what}: ${found.size} wrapped keys instead of ${expected.size}`);
  for (const [name, { material, encryptedKey }] of expected) {
    const one: WrappedKey | undefined = found.get(name);
    const same =
      one !== undefined && equalBytes(one.material, material) && equalBytes(one.encryptedKey, encryptedKey);
    check(same, `${what}: the wrapped key of ${name} is missing or another`);
  }
}

function check(condition: boolean, text: string): asserts condition {
  if (!condition) throw new Error(text);
}
