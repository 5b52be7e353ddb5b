import type { Verified } from '@dimp/crypto';
import type { Address, Awaitable, ID, Meta, Profile } from '@dimp/mkm';
import type { Archive, UserKeys } from './archive.js';
import type { Certificate } from './certificate.js';
import { BareFacebook } from './facebook.js';
import type { Missing } from './resolver.js';

/** A Facebook for one unit of a store: what is changed through it is saved, and told, with the unit. */
export class FacebookUnit {
  readonly facebook: BareFacebook;
  readonly #base: BareFacebook;
  readonly #arrived: Missing[] = [];
  readonly #leavers: ID[] = [];
  readonly #metas: ID[] = [];
  readonly #news: (() => void)[] = [];

  /** @param archive of the unit */
  constructor(base: BareFacebook, archive: Archive) {
    this.#base = base;
    this.facebook = new BareFacebook(
      { ...base.options, archive: new UnitArchive(base, archive) },
      base.hearsay,
    );
    this.facebook.on('meta', event => {
      this.#metas.push(event.id);
      this.#note({ what: 'meta', id: event.id }, () => base.tell('meta', event));
    });
    this.facebook.on('profile', event =>
      this.#note({ what: 'profile', id: event.id }, () => base.tell('profile', event)),
    );
    this.facebook.on('members', event => {
      if (event.removed.length > 0) this.#leavers.push(event.group);
      this.#note({ what: 'members', id: event.group }, () => base.tell('members', event));
    });
  }

  /** What came, for messages that wait for it. */
  get arrived(): readonly Missing[] {
    return this.#arrived;
  }

  /** Groups that lost members. */
  get leftGroups(): readonly ID[] {
    return this.#leavers;
  }

  /** The changes show in the archive now, or no more: what is in memory of them is read again. */
  refresh(): void {
    for (const { id } of this.#arrived) this.#base.barrack.forget(id);
  }

  /** The changes are on disk: whoever listens to the Facebook below hears of them. */
  tell(): void {
    for (const news of this.#news) news();
  }

  /** Keeps the metas that came, though the rest of the unit is dropped: they were checked and never change. */
  async keepMetas(): Promise<void> {
    for (const id of this.#metas) {
      const meta = await this.facebook.loadMeta(id);
      if (this.#base.hearsay.has(id)) this.#base.tell('meta', { id });
      else if (meta !== undefined) await this.#base.barrack.saveMeta(id, meta);
    }
  }

  #note(thing: Missing, news: () => void): void {
    this.#arrived.push(thing);
    this.#news.push(news);
  }
}

/** The archive of a unit. What the unit did not change is taken from the memory of the Facebook below. */
class UnitArchive implements Archive {
  readonly #base: BareFacebook;
  readonly #archive: Archive;
  readonly #changed = new Set<string>();

  constructor(base: BareFacebook, archive: Archive) {
    this.#base = base;
    this.#archive = archive;
  }

  async loadMeta(id: ID): Promise<Verified<Meta> | undefined> {
    return this.#changed.has(id.key) ? this.#archive.loadMeta(id) : this.#base.barrack.loadMeta(id);
  }

  async saveMeta(id: ID, meta: Verified<Meta>): Promise<void> {
    this.#changed.add(id.key);
    await this.#archive.saveMeta(id, meta);
  }

  async loadProfile(id: ID): Promise<Verified<Profile> | undefined> {
    return this.#changed.has(id.key) ? this.#archive.loadProfile(id) : this.#base.barrack.loadProfile(id);
  }

  async saveProfile(id: ID, profile: Verified<Profile>): Promise<void> {
    this.#changed.add(id.key);
    await this.#archive.saveProfile(id, profile);
  }

  findIDs(address: Address): Awaitable<readonly ID[]> {
    return this.#archive.findIDs(address);
  }

  loadUserKeys(user: ID): Awaitable<UserKeys | undefined> {
    return this.#archive.loadUserKeys(user);
  }

  saveUserKeys(user: ID, keys: UserKeys): Awaitable<void> {
    return this.#archive.saveUserKeys(user, keys);
  }

  loadLocalUsers(): Awaitable<readonly ID[]> {
    return this.#archive.loadLocalUsers();
  }

  saveLocalUsers(users: readonly ID[]): Awaitable<void> {
    return this.#archive.saveLocalUsers(users);
  }

  loadContacts(user: ID): Awaitable<readonly ID[]> {
    return this.#archive.loadContacts(user);
  }

  saveContacts(user: ID, contacts: readonly ID[]): Awaitable<void> {
    return this.#archive.saveContacts(user, contacts);
  }

  loadMembers(group: ID): Awaitable<readonly ID[] | undefined> {
    return this.#archive.loadMembers(group);
  }

  saveMembers(group: ID, members: readonly ID[] | undefined): Awaitable<void> {
    return this.#archive.saveMembers(group, members);
  }

  loadAssistants(group: ID): Awaitable<readonly ID[]> {
    return this.#archive.loadAssistants(group);
  }

  saveAssistants(group: ID, assistants: readonly ID[]): Awaitable<void> {
    return this.#archive.saveAssistants(group, assistants);
  }

  loadCertificate(subject: ID): Awaitable<Verified<Certificate> | undefined> {
    return this.#archive.loadCertificate(subject);
  }

  saveCertificate(subject: ID, certificate: Verified<Certificate> | undefined): Awaitable<void> {
    return this.#archive.saveCertificate(subject, certificate);
  }

  loadNames(): Awaitable<ReadonlyMap<string, ID>> {
    return this.#archive.loadNames();
  }

  saveName(name: string, id: ID | undefined): Awaitable<void> {
    return this.#archive.saveName(name, id);
  }
}
