import type { PrivateKey, Verified } from '@dimp/crypto';
import type { TestRunner } from '@dimp/crypto/conformance';
import { encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import { matchKeys } from '@dimp/crypto/match';
import { type Awaitable, createID, formatMeta, formatProfile, type ID, NetworkType } from '@dimp/mkm';
import type { Archive, UserKeys } from '../archive.js';
import { type Certificate, formatCertificate, parseCertificate, verifyCertificate } from '../certificate.js';
import { check, checkSame } from './check.js';
import { sampleContext, sampleProfile, sampleRsaKey, sampleUser } from './samples.js';

/** What the suite is told. */
export interface ArchiveConformance {
  /** Makes an empty archive. Each test asks for one of its own. */
  readonly create: () => Awaitable<Archive>;
  /** Opens again what is kept of an archive, as the next run of a program does. Without it that is not tested. */
  readonly reopen?: (archive: Archive) => Awaitable<Archive>;
}

/**
 * What every archive must do: give back what was put in, by ID without terminal, and mix nothing up.
 *
 * @example
 * archiveConformance({ describe, it }, { create: () => new MemoryArchive() })
 */
export function archiveConformance(runner: TestRunner, options: ArchiveConformance): void {
  const { reopen } = options;
  const test = (name: string, body: (archive: Archive) => Promise<void>): void =>
    runner.it(name, async () => body(await options.create()));

  runner.describe('archive', () => {
    test('knows nothing at first', async archive => {
      const { id } = await sampleUser('nobody');
      checkSame(await archive.loadMeta(id), undefined, 'meta');
      checkSame(await archive.loadProfile(id), undefined, 'profile');
      checkSame(await archive.loadUserKeys(id), undefined, 'keys');
      checkSame(await archive.loadMembers(id), undefined, 'members');
      checkSame(await archive.findIDs(id.address), [], 'IDs of an address');
      checkSame(await archive.loadLocalUsers(), [], 'local users');
      checkSame(await archive.loadContacts(id), [], 'contacts');
      checkSame(await archive.loadAssistants(id), [], 'assistants');
      checkSame(await archive.loadCertificate(id), undefined, 'certificate');
      checkSame((await archive.loadNames()).size, 0, 'number of names');
    });

    test('keeps metas, each for its ID, whatever the terminal', async archive => {
      const [anna, bob] = [await sampleUser('anna'), await sampleUser('bob')];
      await archive.saveMeta(onPhone(anna.id), anna.meta);
      await archive.saveMeta(bob.id, bob.meta);
      for (const { id, meta } of [anna, bob]) {
        for (const spelling of [id, onPhone(id)]) {
          const loaded = await archive.loadMeta(spelling);
          checkSame(loaded && formatMeta(loaded), formatMeta(meta), `meta of ${spelling.text}`);
          check(
            loaded !== undefined && (await matchKeys(loaded.key, keyOf(id, [anna, bob]))),
            'a key of the meta',
          );
        }
      }
    });

    test('never changes a meta', async archive => {
      const [anna, bob] = [await sampleUser('anna'), await sampleUser('bob')];
      await archive.saveMeta(anna.id, anna.meta);
      await archive.saveMeta(anna.id, bob.meta);
      const loaded = await archive.loadMeta(anna.id);
      checkSame(loaded && formatMeta(loaded), formatMeta(anna.meta), 'the first meta');
    });

    test('finds the IDs of an address', async archive => {
      const [anna, bob] = [await sampleUser('anna'), await sampleUser('bob')];
      const group = await sampleUser('group', NetworkType.group);
      for (const { id, meta } of [anna, bob, group]) await archive.saveMeta(id, meta);
      for (const { id } of [anna, bob, group]) {
        checkSame(keysOf(await archive.findIDs(id.address)), [id.key], `IDs of ${id.address.text}`);
      }
      const { id } = await sampleUser('nobody');
      checkSame(await archive.findIDs(id.address), [], 'IDs of an address without meta');
    });

    test('keeps the newest profile exactly, members of later versions included', async archive => {
      const anna = await sampleUser('anna');
      for (const name of ['Anna', 'Änne 😀', '__proto__']) {
        const profile = await sampleProfile(anna, { name, list: [1, { two: null }] });
        await archive.saveProfile(anna.id, profile);
        const loaded = await archive.loadProfile(onPhone(anna.id));
        checkSame(loaded && formatProfile(loaded), formatProfile(profile), `profile of ${name}`);
        checkSame(loaded?.properties, profile.properties, `properties of ${name}`);
      }
    });

    test('keeps the private keys of a user in their order, and they work', async archive => {
      const [anna, bob] = [await sampleUser('anna'), await sampleUser('bob')];
      const old = await sampleRsaKey();
      await archive.saveUserKeys(bob.id, { metaKey: bob.key, profileKeys: [] });
      await archive.saveUserKeys(anna.id, { metaKey: anna.key, profileKeys: [{ key: old }] });
      const newer = await sampleRsaKey();
      const keys: UserKeys = {
        metaKey: anna.key,
        profileKeys: [{ key: newer }, { key: old, retired: 1_700_000_000 }],
      };
      await archive.saveUserKeys(onPhone(anna.id), keys);
      await checkKeys(await archive.loadUserKeys(anna.id), keys);
      await checkKeys(await archive.loadUserKeys(bob.id), { metaKey: bob.key, profileKeys: [] });
    });

    test('keeps lists in their order, each for whom it is', async archive => {
      const [anna, bob] = [(await sampleUser('anna')).id, (await sampleUser('bob')).id];
      const group = (await sampleUser('group', NetworkType.group)).id;
      await archive.saveLocalUsers([bob, anna]);
      await archive.saveContacts(anna, [bob, group]);
      await archive.saveContacts(bob, [group]);
      await archive.saveMembers(group, [bob, anna]);
      await archive.saveAssistants(group, [anna]);
      checkIDs(await archive.loadLocalUsers(), [bob, anna], 'local users');
      checkIDs(await archive.loadContacts(onPhone(anna)), [bob, group], 'contacts of one');
      checkIDs(await archive.loadContacts(bob), [group], 'contacts of the other');
      checkIDs((await archive.loadMembers(onPhone(group))) ?? [], [bob, anna], 'members');
      checkIDs(await archive.loadAssistants(group), [anna], 'assistants');

      await archive.saveLocalUsers([anna]);
      await archive.saveContacts(anna, []);
      await archive.saveMembers(group, [anna]);
      await archive.saveAssistants(group, []);
      checkIDs(await archive.loadLocalUsers(), [anna], 'local users after a change');
      checkIDs(await archive.loadContacts(anna), [], 'contacts after a change');
      checkIDs((await archive.loadMembers(group)) ?? [], [anna], 'members after a change');
      checkIDs(await archive.loadAssistants(group), [], 'assistants after a change');

      await archive.saveMembers(group, undefined);
      checkSame(await archive.loadMembers(group), undefined, 'members that were forgotten');
    });

    test('keeps a list as it was given when the giver writes to his own', async archive => {
      const [anna, bob] = [(await sampleUser('anna')).id, (await sampleUser('bob')).id];
      const list = [bob];
      await archive.saveContacts(anna, list);
      await archive.saveLocalUsers(list);
      list.push(anna);
      checkIDs(await archive.loadContacts(anna), [bob], 'contacts');
      checkIDs(await archive.loadLocalUsers(), [bob], 'local users');
    });

    test('keeps certificates as they came, each for its subject, until it is forgotten', async archive => {
      const [gsp, station] = [
        await sampleUser('gsp', NetworkType.provider),
        await sampleUser('station', NetworkType.station),
      ];
      const [old, newer, own] = [
        await sampleCertificate(gsp.key, 1),
        await sampleCertificate(gsp.key, 2),
        await sampleCertificate(gsp.key, 3),
      ];
      await archive.saveCertificate(station.id, old);
      await archive.saveCertificate(gsp.id, own);
      await archive.saveCertificate(onPhone(station.id), newer);
      const loaded = await archive.loadCertificate(station.id);
      checkSame(loaded && formatCertificate(loaded), formatCertificate(newer), 'the newer certificate');
      checkSame(loaded?.validity, newer.validity, 'its validity');
      const key = loaded?.publicKey;
      check(key !== undefined && (await matchKeys(key, gsp.key)), 'its key');
      const others = await archive.loadCertificate(onPhone(gsp.id));
      checkSame(others && formatCertificate(others), formatCertificate(own), 'that of the other');
      await archive.saveCertificate(station.id, undefined);
      checkSame(await archive.loadCertificate(station.id), undefined, 'one that was forgotten');
      checkSame((await archive.loadCertificate(gsp.id))?.serialNumber, 3, 'the other one after that');
    });

    test('keeps names by exact letters', async archive => {
      const [anna, bob] = [(await sampleUser('anna')).id, (await sampleUser('bob')).id];
      const names = ['anna', 'Anna', '名前', 'two words', '__proto__', 'constructor', '../up'];
      for (const name of names) await archive.saveName(name, anna);
      await archive.saveName('anna', bob);
      await archive.saveName('Anna', undefined);
      await archive.saveName('never there', undefined);
      const loaded = [...(await archive.loadNames())].map(([name, { key }]) => [name, key]);
      const expected = names
        .filter(name => name !== 'Anna')
        .map(name => [name, (name === 'anna' ? bob : anna).key]);
      checkSame(loaded.sort(byName), expected.sort(byName), 'names');
    });

    test('loses nothing of what is saved at the same time', async archive => {
      const users = await Promise.all(Array.from({ length: 20 }, (_, index) => sampleUser(`user-${index}`)));
      await Promise.all(
        users.map(async ({ id, meta, key }, index) => {
          await archive.saveMeta(id, meta);
          await archive.saveUserKeys(id, { metaKey: key, profileKeys: [] });
          await archive.saveContacts(id, [(users[index - 1] ?? users[0])?.id ?? id]);
          await archive.saveName(`name-${index}`, id);
        }),
      );
      const names = await archive.loadNames();
      for (const [index, { id, meta, key }] of users.entries()) {
        const loaded = await archive.loadMeta(id);
        checkSame(loaded && formatMeta(loaded), formatMeta(meta), `meta ${index}`);
        await checkKeys(await archive.loadUserKeys(id), { metaKey: key, profileKeys: [] });
        check((await archive.loadContacts(id)).length === 1, `contacts ${index}: expected one`);
        checkSame(names.get(`name-${index}`)?.key, id.key, `name ${index}`);
      }
    });

    if (reopen === undefined) return;
    test('has everything in the next run of the program', async archive => {
      const anna = await sampleUser('anna');
      const group = await sampleUser('group', NetworkType.group);
      const profile = await sampleProfile(anna, { name: 'Anna' });
      const keys: UserKeys = {
        metaKey: anna.key,
        profileKeys: [{ key: await sampleRsaKey(), retired: 1_700_000_000.5 }],
      };
      await archive.saveMeta(anna.id, anna.meta);
      await archive.saveProfile(anna.id, profile);
      await archive.saveUserKeys(anna.id, keys);
      await archive.saveLocalUsers([anna.id]);
      await archive.saveContacts(anna.id, [group.id]);
      await archive.saveMembers(group.id, [anna.id]);
      await archive.saveAssistants(group.id, [anna.id]);
      const certificate = await sampleCertificate(anna.key, 1);
      await archive.saveCertificate(anna.id, certificate);
      await archive.saveName('me', anna.id);

      const next = await reopen(archive);
      const meta = await next.loadMeta(anna.id);
      checkSame(meta && formatMeta(meta), formatMeta(anna.meta), 'meta');
      const loaded = await next.loadProfile(anna.id);
      checkSame(loaded && formatProfile(loaded), formatProfile(profile), 'profile');
      await checkKeys(await next.loadUserKeys(anna.id), keys);
      checkIDs(await next.findIDs(anna.id.address), [anna.id], 'IDs of an address');
      checkIDs(await next.loadLocalUsers(), [anna.id], 'local users');
      checkIDs(await next.loadContacts(anna.id), [group.id], 'contacts');
      checkIDs((await next.loadMembers(group.id)) ?? [], [anna.id], 'members');
      checkIDs(await next.loadAssistants(group.id), [anna.id], 'assistants');
      const certified = await next.loadCertificate(anna.id);
      checkSame(certified && formatCertificate(certified), formatCertificate(certificate), 'certificate');
      checkSame((await next.loadNames()).get('me')?.key, anna.id.key, 'name');
    });
  });
}

/** A certificate that its issuer signed for a key of his own, with members of later versions. */
async function sampleCertificate(key: PrivateKey, serialNumber: number): Promise<Verified<Certificate>> {
  const name = { O: 'Sample', OU: '測試', CN: '127.0.0.1' };
  const info = JSON.stringify({
    Issuer: name,
    Subject: { ...name, C: 'US' },
    Validity: { NotBefore: 1_500_000_000, NotAfter: 1_600_000_000 },
    Key: key.publicKey.json,
  });
  const signature = encodeBase64(await key.sign(encodeUtf8(info)));
  const json = { version: 1, sn: serialNumber, info, signature, 'x-later': [null, '…'] };
  const certificate = parseCertificate(json, sampleContext);
  const outcome = await verifyCertificate(certificate, key.publicKey, { now: 1_550_000_000 });
  if (outcome.kind !== 'valid') throw new Error('a new certificate must be valid');
  return outcome.certificate;
}

async function checkKeys(loaded: UserKeys | undefined, expected: UserKeys): Promise<void> {
  check(loaded !== undefined, 'keys: expected some');
  const retired = (keys: UserKeys): unknown => keys.profileKeys.map(key => key.retired ?? 'in use');
  checkSame(retired(loaded), retired(expected), 'when keys were retired');
  await checkKey(loaded.metaKey, expected.metaKey, 'key of the meta');
  for (const [index, { key }] of expected.profileKeys.entries()) {
    const got = loaded.profileKeys[index]?.key;
    check(got !== undefined, `profile key ${index}: expected one`);
    await checkKey(got, key, `profile key ${index}`);
  }
}

async function checkKey(loaded: PrivateKey, expected: PrivateKey, what: string): Promise<void> {
  const data = Uint8Array.of(1, 2, 3);
  check(
    await expected.publicKey.verify(data, await loaded.sign(data)),
    `${what}: expected one that signs alike`,
  );
  const plaintext = Uint8Array.of(4, 5, 6);
  const ciphertext = await expected.publicKey.encryption?.encrypt(plaintext);
  if (ciphertext === undefined) return;
  checkSame(await loaded.decryption?.decrypt(ciphertext), plaintext, `${what}: what it decrypts`);
}

function checkIDs(got: readonly ID[], expected: readonly ID[], what: string): void {
  checkSame(keysOf(got), keysOf(expected), what);
}

function keysOf(ids: readonly ID[]): readonly string[] {
  return ids.map(id => id.key);
}

function keyOf(id: ID, users: readonly { readonly id: ID; readonly key: PrivateKey }[]): PrivateKey {
  const found = users.find(user => user.id.key === id.key);
  if (found === undefined) throw new Error(`no sample ${id.text}`);
  return found.key;
}

/** The same ID with a terminal, which says where somebody is and not who. */
function onPhone({ name, address }: ID): ID {
  return createID({ name, address, terminal: 'phone' });
}

function byName([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : 1;
}
