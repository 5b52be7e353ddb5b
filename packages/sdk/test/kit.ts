import { formatPackage, type Protocol, parsePackage } from '@dimp/core';
import type { JsonObject, PrivateKey } from '@dimp/crypto';
import {
  type Content,
  createText,
  type InstantMessage,
  type ReliableMessage,
  type TextContent,
} from '@dimp/dkd';
import { generateMeta, type ID, NetworkType, type User } from '@dimp/mkm';
import {
  type AcceptedContent,
  defaultProtocol,
  Facebook,
  type FacebookOptions,
  type MemoryRelay,
  Messenger,
  type MessengerEvents,
  type MessengerOptions,
  type Received,
  registerUser,
  type Sent,
  type Transport,
} from '../src/index.js';

export const protocol: Protocol = defaultProtocol();

/** The time in the stories, in seconds. */
export const now = 1_700_000_000;

const keys = new Map<string, Promise<PrivateKey>>();

/** A key pair by name: made once for all tests of a file, since RSA keys take their time. */
export function keyOf(name: string, algorithm: 'RSA' | 'ECC' = 'RSA'): Promise<PrivateKey> {
  const label = `${algorithm} ${name}`;
  const bits = algorithm === 'RSA' ? 1024 : 256;
  const known = keys.get(label) ?? protocol.asymmetric.get(algorithm).generatePrivateKey({ bits });
  keys.set(label, known);
  return known;
}

/** A transport without anybody at the other end: what is sent stays in `sent`, what is delivered comes in. */
export class Wire implements Transport {
  readonly sent: ReliableMessage[] = [];
  readonly #listeners = new Set<(data: Uint8Array) => void>();

  send(data: Uint8Array): void {
    this.sent.push(parsePackage(data, protocol));
  }

  subscribe(listener: (data: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  deliver(...messages: readonly ReliableMessage[]): void {
    for (const message of messages) {
      for (const listener of this.#listeners) listener(formatPackage(message));
    }
  }
}

export interface Person {
  readonly id: ID;
  readonly user: User;
  readonly facebook: Facebook;
  readonly messenger: Messenger;
  /** Where his messages go when he is on no relay. */
  readonly wire: Wire;
}

export interface PersonOptions extends MessengerOptions {
  readonly relay?: MemoryRelay;
  readonly algorithm?: 'RSA' | 'ECC';
  /** Whose key it is made with; his own name when absent. */
  readonly keyName?: string;
  readonly profile?: JsonObject;
  readonly profileKey?: boolean;
  readonly network?: number;
  readonly facebookOptions?: FacebookOptions;
}

/** Somebody with a phone: an identity and a messenger, on a relay or on a wire of his own. */
export async function person(name: string, options: PersonOptions = {}): Promise<Person> {
  const { relay, algorithm = 'RSA', keyName = name, profile, profileKey = false, network } = options;
  const { facebook = new Facebook({ protocol, clock: () => now, ...options.facebookOptions }) } = options;
  const user = await registerUser(facebook, {
    name,
    bits: 1024,
    privateKey: await keyOf(keyName, algorithm),
    profileKey,
    ...(profile && { profile }),
    ...(network !== undefined && { network }),
  });
  const wire = new Wire();
  const transport = options.transport ?? relay?.connect(user.id) ?? wire;
  const messenger = new Messenger({ ...options, facebook, transport });
  return { id: user.id, user, facebook, messenger, wire };
}

/** Each gets the meta of each other, and the profile if there is one. */
export async function introduce(...people: readonly Person[]): Promise<void> {
  for (const one of people) {
    for (const other of people) if (one !== other) await tell(one, other);
  }
}

/** One gets to know who another is. */
export async function tell(one: Person, other: Person): Promise<void> {
  await one.facebook.saveMeta(await other.user.meta(), other.id);
  const profile = await other.user.profile();
  if (profile !== undefined) await one.facebook.saveProfile(profile);
}

/** IDs whose metas are made with one key: many people at little cost. Their metas are saved in each Facebook. */
export async function crowd(
  count: number,
  facebooks: readonly Facebook[],
  prefix = 'member',
): Promise<readonly ID[]> {
  const key = await keyOf('crowd');
  const ids: ID[] = [];
  for (let index = 0; index < count; index++) {
    const meta = await generateMeta(key, `${prefix}-${index}`, protocol);
    for (const facebook of facebooks) {
      const id = facebook.idOf(meta, NetworkType.main);
      await facebook.saveMeta(meta, id);
      if (facebook === facebooks[0]) ids.push(id);
    }
  }
  return ids;
}

/** The next time that something happens, or the next of which this is true. */
export function next<Name extends keyof MessengerEvents>(
  { messenger }: Pick<Person, 'messenger'>,
  name: Name,
  isIt: (event: MessengerEvents[Name]) => boolean = () => true,
): Promise<MessengerEvents[Name]> {
  return new Promise(resolve => {
    const stop = messenger.on(name, event => {
      if (!isIt(event)) return;
      stop();
      resolve(event);
    });
  });
}

/** The next `count` times that something happens. */
export function several<Name extends keyof MessengerEvents>(
  { messenger }: Pick<Person, 'messenger'>,
  name: Name,
  count: number,
): Promise<readonly MessengerEvents[Name][]> {
  const events: MessengerEvents[Name][] = [];
  return new Promise(resolve => {
    const stop = messenger.on(name, event => {
      events.push(event);
      if (events.length < count) return;
      stop();
      resolve(events);
    });
  });
}

/** All that happens from now on. */
export function record<Name extends keyof MessengerEvents>(
  { messenger }: Pick<Person, 'messenger'>,
  name: Name,
): readonly MessengerEvents[Name][] {
  const events: MessengerEvents[Name][] = [];
  messenger.on(name, event => void events.push(event));
  return events;
}

/** What was said in a text, accepted or told of. */
export function textOf(of: Pick<AcceptedContent, 'content'> | Received): string | undefined {
  const content = 'content' in of ? of.content : of.kind === 'accepted' ? of.message.content : undefined;
  return (content as TextContent | undefined)?.text;
}

/** The one message that a sending made. */
export function sentMessage(sent: Sent): ReliableMessage {
  if (sent.kind !== 'sent') throw new Error(`expected sent, got ${sent.kind}`);
  const [message] = sent.messages;
  if (message === undefined || sent.messages.length > 1) throw new Error('expected one message');
  return message;
}

/** Somebody writes to somebody; the message is also on his wire. */
export async function write(
  from: Person,
  to: ID,
  said: string | Content,
  options: { readonly sender?: ID; readonly group?: ID } = {},
): Promise<ReliableMessage> {
  const { group, ...others } = options;
  const content = typeof said === 'string' ? createText(said, group ? { group } : {}) : said;
  return sentMessage(await from.messenger.sendContent(content, to, others));
}

/** The error code of what was refused; undefined for anything else. */
export function codeOf(outcome: Received | Sent): string | undefined {
  return outcome.kind === 'rejected' || outcome.kind === 'failed' ? outcome.error.code : undefined;
}

/** The error code of what an action throws; undefined when it throws nothing. */
export function thrownBy(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return (error as { readonly code?: string }).code;
  }
  return undefined;
}

/** What somebody can read in a message; undefined when he cannot open it. */
export async function opens(reader: Person, message: ReliableMessage): Promise<InstantMessage | undefined> {
  const outcome = await reader.messenger.processMessage(message);
  return outcome.kind === 'accepted' ? outcome.message : undefined;
}

/** Lets what is under way come to an end, as far as it waits for nobody. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
}

/** Waits for something that a timer does. @throws when it does not come for so many seconds */
export async function until(isSo: () => boolean, seconds = 30): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`expected to be so within ${seconds} seconds: ${isSo}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

/** A promise that somebody else keeps. */
export function deferred<T = void>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>(keep => {
    resolve = keep;
  });
  return { promise, resolve };
}
