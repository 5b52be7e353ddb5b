/**
 * Two users whose PRIVATE KEYS ARE PUBLIC. For tests and demonstrations only.
 *
 * Everybody can read what is written to `hulk` and `moki`, and everybody can write in their names: the keys
 * stand in this file and in the published protocol (v1.md 14.4). Never use them for a real message, and never
 * install them where real users act.
 * @packageDocumentation
 */
import { type JsonObject, parsePrivateKey } from '@dimp/crypto';
import {
  type ID,
  type Profile,
  parseMeta,
  parseProfile,
  profileAvatar,
  profileName,
  signProfile,
} from '@dimp/mkm';
import type { Facebook } from './default-facebook.js';

/**
 * A user with everything that is known of him, **his public private key included**, as it stands on the wire.
 */
export interface TestUser {
  readonly id: string;
  readonly meta: JsonObject;
  /** Known to everybody. */
  readonly privateKey: JsonObject;
  /** Not signed: `{ ID, names, photos? }`. */
  readonly profile: JsonObject;
  readonly contacts: readonly string[];
}

const hulk: TestUser = {
  id: 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj',
  meta: {
    version: 1,
    seed: 'hulk',
    key: {
      algorithm: 'RSA',
      data:
        '-----BEGIN PUBLIC KEY-----\n' +
        'MIGJAoGBALB+vbUK48UU9rjlgnohQowME+3JtTb2hLPqtatVOW364/EKFq0/PSdnZVE9V2Zq+pbX7dj3nCS4pWnYf40ELH8wuDm0' +
        'Tc4jQ70v4LgAcdy3JGTnWUGiCsY+0Z8kNzRkm3FJid592FL7ryzfvIzB9bjg8U2JqlyCVAyUYEnKv4lDAgMBAAE=\n' +
        '-----END PUBLIC KEY-----',
      mode: 'ECB',
      padding: 'PKCS1',
      digest: 'SHA256',
    },
    fingerprint:
      'jIPGWpWSbR/DQH6ol3t9DSFkYroVHQDvtbJErmFztMUP2DgRrRSNWuoKY5Y26qL38wfXJQXjYiWqNWKQmQe/gK8M8NkU7lRwm+2n' +
      'h9wSBYV6Q4WXsCboKbnM0+HVn9Vdfp21hMMGrxTX1pBPRbi0567ZjNQC8ffdW2WvQSoec2I=',
  },
  privateKey: {
    algorithm: 'RSA',
    data:
      '-----BEGIN RSA PRIVATE KEY-----\n' +
      'MIICXQIBAAKBgQCwfr21CuPFFPa45YJ6IUKMDBPtybU29oSz6rWrVTlt+uPxChatPz0nZ2VRPVdmavqW1+3Y95wkuKVp2H+NBCx/' +
      'MLg5tE3OI0O9L+C4AHHctyRk51lBogrGPtGfJDc0ZJtxSYnefdhS+68s37yMwfW44PFNiapcglQMlGBJyr+JQwIDAQABAoGAVc0H' +
      'hJ/KouDSIIjSqXTJ2TN17L+GbTXixWRw9N31kVXKwj9ZTtfTbviA9MGRX6TaNcK7SiL1sZRiNdaeC3vf9RaUe3lV3aR/YhxuZ5bT' +
      'QNHPYqJnbbwsQkp4IOwSWqOMCfsQtP8O+2DPjC8Jx7PPtOYZ0sC5esMyDUj/EDv+HUECQQDXsPlTb8BAlwWhmiAUF8ieVENR0+0E' +
      'WWU5HV+dp6Mz5gf47hCO9yzZ76GyBM71IEQFdtyZRiXlV9CBOLvdlbqLAkEA0XqONVaW+nNTNtlhJVB4qAeqpj/foJoGbZhjGorB' +
      'pJ5KPfpD5BzQgsoT6ocv4vOIzVjAPdk1lE0ACzaFpEgbKQJBAKDLjUO3ZrKAI7GSreFszaHDHaCuBd8dKcoHbNWiOJejIERibbO2' +
      '7xfVfkyxKvwwvqT4NIKLegrciVMcUWliivsCQQCiA1Z/XEQS2iUO89tVn8JhuuQ6Boav0NCN7OEhQxX3etFS0/+0KrD9psr2ha38' +
      'qnwwzaaJbzgoRdF12qpL39TZAkBPv2lXFNsn0/Jq3cUemof+5sm53KvtuLqxmZfZMAuTSIbB+8i05JUVIc+mcYqTqGp4FDfz6snz' +
      't7sMBQdx6BZY\n' +
      '-----END RSA PRIVATE KEY-----',
    mode: 'ECB',
    padding: 'PKCS1',
    digest: 'SHA256',
  },
  profile: {
    ID: 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj',
    names: ['无敌浩克', 'Immortal Hulk'],
  },
  contacts: ['moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk'],
};

const moki: TestUser = {
  id: 'moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk',
  meta: {
    version: 1,
    seed: 'moki',
    key: {
      algorithm: 'RSA',
      data:
        '-----BEGIN PUBLIC KEY-----\n' +
        'MIGJAoGBALQOcgxhhV0XiHELKYdG587Tup261qQ3ahAGPuifZvxHXTq+GgulEyXiovwrVjpz7rKXn+16HgspLHpp5agv0WsSn6k2' +
        'MnQGk5RFXuilbFr/C1rEX2X7uXlUXDMpsriKFndoB1lz9P3E8FkM5ycG84hejcHB+R5yzDa4KbGeOc0tAgMBAAE=\n' +
        '-----END PUBLIC KEY-----',
      mode: 'ECB',
      padding: 'PKCS1',
      digest: 'SHA256',
    },
    fingerprint:
      'ld68TnzYqzFQMxeJ6N+aZa2jRf9d4zVx4BUiBlmur67ne8YZF08plhCiIhfyYDIwwW7KLaAHvK8gJbp0pPIzLR4bhzu6zRpDLzUQ' +
      'sq6bXgMp+WAiZtFm6IHWNUwUEYcr3iSvTn5L1HunRt7kBglEjv8RKtbNcK0t1Xto375kMlo=',
  },
  privateKey: {
    algorithm: 'RSA',
    data:
      '-----BEGIN RSA PRIVATE KEY-----\n' +
      'MIICXQIBAAKBgQC0DnIMYYVdF4hxCymHRufO07qdutakN2oQBj7on2b8R106vhoLpRMl4qL8K1Y6c+6yl5/teh4LKSx6aeWoL9Fr' +
      'Ep+pNjJ0BpOURV7opWxa/wtaxF9l+7l5VFwzKbK4ihZ3aAdZc/T9xPBZDOcnBvOIXo3Bwfkecsw2uCmxnjnNLQIDAQABAoGADi5w' +
      'FaENsbgTh0HHjs/LHKto8JjhZHQ33pS7WjOJ1zdgtKp53y5sfGimCSH5q+drJrZSApCCcsMWrXqPO8iuX/QPak72yzTuq9MEn4tu' +
      'sO/5w8/g/csq+RUhlLHLdOrPfVciMBXgouT8BB6UMa0e/g8K/7JBV8v1v59ZUccSSwkCQQD67yI6uSlgy1/NWqMENpGc9tDDoZPR' +
      '2zjfrXquJaUcih2dDzEbhbzHxjoScGaVcTOx/Aiu00dAutoN+Jpovpq1AkEAt7EBRCarVdo4YKKNnW3cZQ7u0taPgvc/eJrXaWES' +
      '9+MpC/NZLnQNF/NZlU9/H2607/d+Xaac6wtxkIQ7O61bmQJBAOUTMThSmIeYoZiiSXcrKbsVRneRJZTKgB0SDZC1JQnsvCQJHld1' +
      'u2TUfWcf3UZH1V2CK5sNnVpmOXHPpYZBmpECQBp1hJkseMGFDVneEEf86yIjZIM6JLHYq2vT4fNr6C+MqPzvsIjgboJkqyK2sLj2' +
      'WVm3bJxQw4mXvGP0qBOQhQECQQCOepIyFl/a/KmjVZ5dvmU2lcHXkqrvjcAbpyO1Dw6p2OFCBTTQf3QRmCoys5/dyBGLDhRzV5Ob' +
      'tg6Fll/caLXs\n' +
      '-----END RSA PRIVATE KEY-----',
    mode: 'ECB',
    padding: 'PKCS1',
    digest: 'SHA256',
  },
  profile: {
    ID: 'moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk',
    names: ['齐天大圣', 'Monkey King'],
  },
  contacts: ['hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj'],
};

/**
 * Hulk (195-183-9394) and moki (184-083-9527), who are each other's contact. **Their private keys are
 * public.**
 */
export const testUsers: { readonly hulk: TestUser; readonly moki: TestUser } = { hulk, moki };

/**
 * Makes hulk and moki local users, with signed profiles and as each other's contact; hulk acts when there was
 * nobody before. **Their private keys are public**: for tests and demonstrations only.
 * @returns the IDs of hulk and moki
 */
export async function installTestUsers(facebook: Facebook): Promise<readonly [ID, ID]> {
  return [await install(hulk, facebook), await install(moki, facebook)];
}

async function install(user: TestUser, facebook: Facebook): Promise<ID> {
  const { protocol } = facebook;
  const id = facebook.parseID(user.id);
  const metaKey = parsePrivateKey(user.privateKey, protocol, 'TestUser.privateKey');
  await facebook.addLocalUser(id, parseMeta(user.meta, protocol), { metaKey, profileKeys: [] });
  const profile = namedProfile(parseProfile(user.profile, protocol), user.profile);
  await facebook.saveProfile(await signProfile(profile, metaKey), id);
  for (const contact of user.contacts) await facebook.addContact(id, facebook.parseID(contact));
  return id;
}

/**
 * The profile with the first of its lists of names and photos as properties; the lists themselves stay
 * unsigned.
 */
function namedProfile(profile: Profile, lists: JsonObject): Profile {
  const source: Profile = { ...profile, properties: lists };
  const name = profileName(source);
  const avatar = profileAvatar(source);
  return {
    ...profile,
    properties: { ...(name !== undefined && { name }), ...(avatar !== undefined && { avatar }) },
  };
}
