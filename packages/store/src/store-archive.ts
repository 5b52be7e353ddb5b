import {
  exportKey,
  type JsonObject,
  type PrivateKey,
  parsePrivateKey,
  unsafeMarkVerified,
  type Verified,
} from '@dimp/crypto';
import {
  type Address,
  formatProfile,
  type ID,
  type IdentityContext,
  type Meta,
  type Profile,
  parseID,
  unsafeRestoreMeta,
  unsafeRestoreProfile,
} from '@dimp/mkm';
import {
  type Archive,
  type Certificate,
  formatCertificate,
  type ProfileKey,
  parseCertificate,
  type UserKeys,
} from '@dimp/sdk';
import type { ArchiveNews } from './archive-news.js';
import { decodeJson, getJson, listJson, putJson } from './json-records.js';
import type { KeyMemory } from './key-memory.js';
import type { RecordKey, RecordKeys } from './record-key.js';
import type { Scope } from './records.js';
import { type ListRecord, SharedLists } from './shared-lists.js';
import type { Space } from './spaces.js';

/** Spaces whose records are a list of IDs that belongs to somebody. */
type ListSpace = Extract<Space, 'local users' | 'contacts' | 'members' | 'assistants'>;

/** What an archive is made with. */
export interface StoreArchiveParts {
  readonly keys: RecordKeys;
  /** Reads what was kept back. */
  readonly protocol: IdentityContext;
  readonly keyMemory: KeyMemory;
  readonly news: ArchiveNews;
}

/** The archive of a store. Every `save…` resolves as the `change` of its scope does. */
export class StoreArchive implements Archive {
  readonly #scope: Scope;
  readonly #keys: RecordKeys;
  readonly #context: IdentityContext;
  readonly #memory: KeyMemory;
  readonly #news: ArchiveNews;
  readonly #lists: SharedLists;

  constructor(scope: Scope, { keys, protocol, keyMemory, news }: StoreArchiveParts) {
    this.#scope = scope;
    this.#keys = keys;
    this.#context = protocol;
    this.#memory = keyMemory;
    this.#news = news;
    this.#lists = new SharedLists(scope);
  }

  async loadMeta(id: ID): Promise<Verified<Meta> | undefined> {
    const json = await getJson(this.#scope, this.#metaKey(id));
    return json && unsafeRestoreMeta(json['meta'], this.#context);
  }

  async saveMeta(id: ID, meta: Verified<Meta>): Promise<void> {
    const key = this.#metaKey(id);
    await this.#scope.change(async records => {
      if ((await records.get(key)) !== undefined) return;
      // as it came, since nothing in a meta may be changed
      putJson(records, key, { id: id.text, meta: meta.json });
    });
  }

  async findIDs(address: Address): Promise<readonly ID[]> {
    const found = await listJson(this.#scope, this.#keys.range('meta', address.text));
    return found.map(json => parseID(json['id'], this.#context));
  }

  /** All IDs of which a meta is here. */
  async listIDs(): Promise<readonly ID[]> {
    const found = await listJson(this.#scope, this.#keys.range('meta'));
    return found.map(json => parseID(json['id'], this.#context));
  }

  async loadProfile(id: ID): Promise<Verified<Profile> | undefined> {
    const json = await getJson(this.#scope, this.#keys.key('profile', id.key));
    return json && unsafeRestoreProfile(json, this.#context);
  }

  async saveProfile(id: ID, profile: Verified<Profile>): Promise<void> {
    await this.#put(this.#keys.key('profile', id.key), formatProfile(profile));
  }

  async loadUserKeys(user: ID): Promise<UserKeys | undefined> {
    const key = this.#keys.key('user keys', user.key);
    const record = await this.#scope.get(key);
    this.#lists.note(key, record);
    return record && this.#memory.read(key.text, record, () => this.#parseUserKeys(decodeJson(record)));
  }

  /** @throws {UnsupportedError} a key that does not give its bytes away, such as one in hardware; nothing is saved */
  async saveUserKeys(user: ID, keys: UserKeys): Promise<void> {
    await this.#lists.save(this.#keys.key('user keys', user.key), formatUserKeys(keys));
  }

  async loadLocalUsers(): Promise<readonly ID[]> {
    return (await this.#loadList('local users')) ?? [];
  }

  async saveLocalUsers(users: readonly ID[]): Promise<void> {
    await this.#saveList('local users', users);
  }

  async loadContacts(user: ID): Promise<readonly ID[]> {
    return (await this.#loadList('contacts', user)) ?? [];
  }

  async saveContacts(user: ID, contacts: readonly ID[]): Promise<void> {
    await this.#saveList('contacts', contacts, user);
  }

  loadMembers(group: ID): Promise<readonly ID[] | undefined> {
    return this.#loadList('members', group);
  }

  async saveMembers(group: ID, members: readonly ID[] | undefined): Promise<void> {
    await this.#saveList('members', members, group);
  }

  async loadAssistants(group: ID): Promise<readonly ID[]> {
    return (await this.#loadList('assistants', group)) ?? [];
  }

  async saveAssistants(group: ID, assistants: readonly ID[]): Promise<void> {
    await this.#saveList('assistants', assistants, group);
  }

  async loadCertificate(subject: ID): Promise<Verified<Certificate> | undefined> {
    const json = await getJson(this.#scope, this.#keys.key('certificate', subject.key));
    return json && unsafeMarkVerified(parseCertificate(json, this.#context));
  }

  async saveCertificate(subject: ID, certificate: Verified<Certificate> | undefined): Promise<void> {
    const key = this.#keys.key('certificate', subject.key);
    if (certificate !== undefined) return this.#put(key, formatCertificate(certificate));
    await this.#scope.change(records => records.remove(key));
  }

  async loadNames(): Promise<ReadonlyMap<string, ID>> {
    const found = await listJson(this.#scope, this.#keys.range('names'));
    return new Map(found.map(json => [json['name'] as string, parseID(json['id'], this.#context)]));
  }

  async saveName(name: string, id: ID | undefined): Promise<void> {
    const key = this.#keys.key('names', name);
    await this.#scope.change(records => {
      if (id === undefined) records.remove(key);
      else putJson(records, key, { name, id: id.text });
    });
  }

  onChanged(listener: (id: ID) => void): () => void {
    return this.#news.listen(listener);
  }

  /** The metas of one address lie together, so that its IDs can be found. */
  #metaKey(id: ID): RecordKey {
    return this.#keys.member('meta', id.address.text, id.key);
  }

  #put(key: RecordKey, value: JsonObject): Promise<void> {
    return this.#scope.change(records => putJson(records, key, value));
  }

  async #loadList(space: ListSpace, owner?: ID): Promise<readonly ID[] | undefined> {
    const key = this.#listKey(space, owner);
    const record = (await getJson(this.#scope, key)) as ListRecord | undefined;
    this.#lists.note(key, record);
    return record?.list.map(text => parseID(text, this.#context));
  }

  #saveList(space: ListSpace, ids: readonly ID[] | undefined, owner?: ID): Promise<void> {
    return this.#lists.save(this.#listKey(space, owner), ids && { list: ids.map(({ text }) => text) });
  }

  #listKey(space: ListSpace, owner?: ID): RecordKey {
    return this.#keys.key(space, ...(owner ? [owner.key] : []));
  }

  #parseUserKeys(json: JsonObject): UserKeys {
    const profileKeys = json['list'] as readonly JsonObject[];
    return {
      metaKey: this.#parseKey(json['metaKey']),
      profileKeys: profileKeys.map((entry): ProfileKey => {
        const key = this.#parseKey(entry['key']);
        const retired = entry['retired'] as number | undefined;
        return retired === undefined ? { key } : { key, retired };
      }),
    };
  }

  #parseKey(json: unknown): PrivateKey {
    return parsePrivateKey(json, this.#context, 'UserKeys');
  }
}

function formatUserKeys({ metaKey, profileKeys }: UserKeys): ListRecord {
  return {
    metaKey: exportKey(metaKey),
    list: profileKeys.map(({ key, retired }) => ({
      key: exportKey(key),
      ...(retired !== undefined && { retired }),
    })),
  };
}
