import { type GenerateKeyOptions, parsePrivateKey } from '@dimp/crypto';
import { type ID, parseMeta, type User } from '@dimp/mkm';
import { attachmentHandler, Facebook, type FileHost, Messenger, registerUser } from '@dimp/sdk';
import { type TestUser, testUsers } from '@dimp/sdk/test-users';
import { Inbox } from './inbox.js';
import type { Progress } from './progress.js';
import type { Relay } from './relay/relay.js';

/** Somebody with a device of his own: nothing is shared with others but the relay and its file host. */
export interface Person {
  readonly name: string;
  readonly id: ID;
  readonly user: User;
  readonly facebook: Facebook;
  readonly messenger: Messenger;
  readonly inbox: Inbox;
  readonly host: FileHost;
  /** Ends the connection. */
  leave(): Promise<void>;
}

/** What the steps play in. */
export interface World {
  readonly relay: Relay;
  /** URLs of files that were uploaded, in order. */
  readonly uploads: string[];
  /** By name, in the order in which they came. */
  readonly people: Map<string, Person>;
  /** Strength of the RSA keys that are made. */
  readonly bits: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export function createWorld(options: Pick<World, 'relay' | 'bits' | 'progress' | 'signal'>): World {
  return { ...options, uploads: [], people: new Map() };
}

/** Ends everything, the relay last. */
export async function closeWorld(world: World): Promise<void> {
  for (const { messenger, leave } of world.people.values()) {
    await messenger.close();
    await leave();
  }
  await world.relay.close();
}

/** @throws {Error} when no step has brought this person yet */
export function personOf(world: World, name: string): Person {
  const person = world.people.get(name);
  if (person === undefined) throw new Error(`${name} is not here yet; an earlier step brings him.`);
  return person;
}

/** One of the published users, whose private keys everybody knows. */
export async function joinTestUser(world: World, name: keyof typeof testUsers): Promise<Person> {
  const known: TestUser = testUsers[name];
  const facebook = new Facebook();
  const { protocol } = facebook;
  const metaKey = parsePrivateKey(known.privateKey, protocol);
  const meta = parseMeta(known.meta, protocol);
  const user = await facebook.addLocalUser(facebook.parseID(known.id), meta, { metaKey, profileKeys: [] });
  return join(world, name, facebook, user);
}

/** A new user, with a new pair of keys. */
export async function joinNewUser(world: World, name: string): Promise<Person> {
  const { bits, progress, signal } = world;
  const facebook = new Facebook();
  const onProgress = (share: number): void =>
    progress.show(`   making ${bits}-bit keys for ${name} …`, share);
  const user = await registerUser(facebook, { name, bits, signal, onProgress });
  progress.clear();
  return join(world, name, facebook, user);
}

/** How a pair of keys is made here: with a line of progress, which is to be cleared afterwards. */
export function keyOptions({ bits, progress, signal }: World, owner: string): GenerateKeyOptions {
  const onProgress = (share: number): void =>
    progress.show(`   making ${bits}-bit keys for ${owner} …`, share);
  return { bits, signal, onProgress };
}

/** Gives somebody the meta of another, as a station, a directory or a code on a screen would. */
export async function learn(person: Person, ...others: readonly Person[]): Promise<void> {
  for (const { id, user } of others) await person.facebook.saveMeta(await user.meta(), id);
}

async function join(world: World, name: string, facebook: Facebook, user: User): Promise<Person> {
  const { transport, host: files, close } = await world.relay.join(user.id, facebook);
  const host = noting(files, world.uploads);
  const messenger = new Messenger({ facebook, transport, attachments: attachmentHandler(host) });
  const inbox = new Inbox(name, messenger);
  const person = { name, id: user.id, user, facebook, messenger, inbox, host, leave: close };
  world.people.set(name, person);
  return person;
}

/** A file host that writes down where files are. */
function noting(host: FileHost, urls: string[]): FileHost {
  return {
    async upload(data, options) {
      const url = await host.upload(data, options);
      if (url !== undefined) urls.push(url);
      return url;
    },
    download: (url, options) => host.download(url, options),
  };
}
