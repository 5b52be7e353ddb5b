import { formatProfile, profileName } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { Facebook } from '../src/index.js';
import { installTestUsers, testUsers } from '../src/test-users.js';
import { account } from './services-kit.js';

describe('the test users', () => {
  it('are those of the protocol', () => {
    for (const name of ['hulk', 'moki'] as const) {
      const { ID, meta, private_key, profile } = account(name);
      expect(testUsers[name]).toMatchObject({ id: ID, meta, privateKey: private_key });
      expect(testUsers[name].profile).toEqual({ ID, names: profile?.['names'] });
    }
    expect(testUsers.hulk.contacts).toEqual([testUsers.moki.id]);
    expect(testUsers.moki.contacts).toEqual([testUsers.hulk.id]);
  });

  it('are local users with signed profiles and each other as contact', async () => {
    const facebook = new Facebook();
    const [hulk, moki] = await installTestUsers(facebook);
    expect([hulk.text, moki.text]).toEqual([testUsers.hulk.id, testUsers.moki.id]);
    expect((await facebook.localUsers()).map(user => user.id.text)).toEqual([hulk.text, moki.text]);
    expect((await facebook.currentUser()).id.text).toBe(hulk.text);
    expect((await facebook.loadContacts(hulk)).map(({ text }) => text)).toEqual([moki.text]);
    expect((await facebook.loadContacts(moki)).map(({ text }) => text)).toEqual([hulk.text]);
    const profile = await facebook.loadProfile(moki);
    expect(profile && profileName(profile)).toBe('齐天大圣');
    expect(profile && formatProfile(profile)).toMatchObject({ data: '{"name":"齐天大圣"}' });
    const user = await facebook.currentUser();
    expect(await user.name()).toBe('无敌浩克');
    expect(await user.verify(Uint8Array.of(1), await user.sign(Uint8Array.of(1)))).toBe(true);
  });

  it('may be installed twice, and beside others', async () => {
    const facebook = new Facebook();
    await installTestUsers(facebook);
    const [hulk] = await installTestUsers(facebook);
    expect(await facebook.localUsers()).toHaveLength(2);
    expect(await facebook.loadContacts(hulk)).toHaveLength(1);
  });
});
