import type { Verified } from '@dimp/crypto';
import type { Address, ID, Meta, Profile } from '@dimp/mkm';
import type { Archive, UserKeys } from './archive.js';
import type { Certificate } from './certificate.js';

/** An archive in memory: for tests, demonstrations and programs that need not remember anything. */
export class MemoryArchive implements Archive {
  readonly #metas = new Map<string, { readonly id: ID; readonly meta: Verified<Meta> }>();
  readonly #profiles = new Map<string, Verified<Profile>>();
  readonly #keys = new Map<string, UserKeys>();
  readonly #contacts = new Map<string, readonly ID[]>();
  readonly #members = new Map<string, readonly ID[]>();
  readonly #assistants = new Map<string, readonly ID[]>();
  readonly #certificates = new Map<string, Verified<Certificate>>();
  readonly #names = new Map<string, ID>();
  #localUsers: readonly ID[] = [];

  loadMeta(id: ID): Verified<Meta> | undefined {
    return this.#metas.get(id.key)?.meta;
  }

  saveMeta(id: ID, meta: Verified<Meta>): void {
    if (!this.#metas.has(id.key)) this.#metas.set(id.key, { id, meta });
  }

  findIDs(address: Address): readonly ID[] {
    const entries = [...this.#metas.values()];
    return entries.filter(({ id }) => id.address.text === address.text).map(({ id }) => id);
  }

  loadProfile(id: ID): Verified<Profile> | undefined {
    return this.#profiles.get(id.key);
  }

  saveProfile(id: ID, profile: Verified<Profile>): void {
    this.#profiles.set(id.key, profile);
  }

  loadUserKeys(user: ID): UserKeys | undefined {
    return this.#keys.get(user.key);
  }

  saveUserKeys(user: ID, keys: UserKeys): void {
    this.#keys.set(user.key, keys);
  }

  loadLocalUsers(): readonly ID[] {
    return this.#localUsers;
  }

  saveLocalUsers(users: readonly ID[]): void {
    this.#localUsers = [...users];
  }

  loadContacts(user: ID): readonly ID[] {
    return this.#contacts.get(user.key) ?? [];
  }

  saveContacts(user: ID, contacts: readonly ID[]): void {
    this.#contacts.set(user.key, [...contacts]);
  }

  loadMembers(group: ID): readonly ID[] | undefined {
    return this.#members.get(group.key);
  }

  saveMembers(group: ID, members: readonly ID[] | undefined): void {
    if (members === undefined) this.#members.delete(group.key);
    else this.#members.set(group.key, [...members]);
  }

  loadAssistants(group: ID): readonly ID[] {
    return this.#assistants.get(group.key) ?? [];
  }

  saveAssistants(group: ID, assistants: readonly ID[]): void {
    this.#assistants.set(group.key, [...assistants]);
  }

  loadCertificate(subject: ID): Verified<Certificate> | undefined {
    return this.#certificates.get(subject.key);
  }

  saveCertificate(subject: ID, certificate: Verified<Certificate> | undefined): void {
    if (certificate === undefined) this.#certificates.delete(subject.key);
    else this.#certificates.set(subject.key, certificate);
  }

  loadNames(): ReadonlyMap<string, ID> {
    return new Map(this.#names);
  }

  saveName(name: string, id: ID | undefined): void {
    if (id === undefined) this.#names.delete(name);
    else this.#names.set(name, id);
  }
}
