import { formatPackage, parsePackage } from '@dimp/core';
import { parsePrivateKey } from '@dimp/crypto';
import { createText, type ReliableMessage } from '@dimp/dkd';
import { type ID, parseMeta } from '@dimp/mkm';
import {
  Facebook,
  type KeptMessage,
  Messenger,
  type MessengerEvents,
  type MessengerOptions,
  type Received,
  type Sent,
  type Transport,
  TransportError,
} from '@dimp/sdk';
import { testUsers } from '@dimp/sdk/test-users';

/** A transport without anybody at the other end, which can be cut. */
export class Wire implements Transport {
  readonly sent: ReliableMessage[] = [];
  isCut = false;
  readonly #listeners = new Set<(data: Uint8Array) => void>();
  readonly #facebook = new Facebook();

  async send(data: Uint8Array): Promise<void> {
    if (this.isCut) throw new TransportError('The wire is cut.');
    this.sent.push(parsePackage(data, this.#facebook.protocol));
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

type Name = keyof typeof testUsers;

export interface Person {
  readonly id: ID;
  readonly facebook: Facebook;
  readonly messenger: Messenger;
  readonly wire: Wire;
}

export interface PersonOptions extends MessengerOptions {
  readonly wire?: Wire;
  /** Whose metas he has. */
  readonly knows?: readonly Name[];
}

/** One of the published test users with a messenger. In a store he is there already when it is opened again. */
export async function person(name: Name, options: PersonOptions = {}): Promise<Person> {
  const { store, wire = new Wire(), knows = ['hulk', 'moki'] } = options;
  const facebook = options.facebook ?? new Facebook(store ? { archive: store.archive } : {});
  const { protocol } = facebook;
  const id = facebook.parseID(testUsers[name].id);
  if ((await facebook.archive.loadLocalUsers()).length === 0) {
    const metaKey = parsePrivateKey(testUsers[name].privateKey, protocol);
    await facebook.addLocalUser(id, parseMeta(testUsers[name].meta, protocol), { metaKey, profileKeys: [] });
    for (const known of knows) await meet(facebook, known);
  }
  const messenger = new Messenger({ transport: wire, ...options, facebook });
  return { id, facebook, messenger, wire };
}

/** Somebody's meta comes. */
export async function meet(facebook: Facebook, name: Name): Promise<void> {
  const { id, meta } = testUsers[name];
  await facebook.saveMeta(parseMeta(meta, facebook.protocol), facebook.parseID(id));
}

/** Messages that somebody has sent to somebody, as they came over his wire. */
export async function writings(
  from: Person,
  to: ID,
  texts: readonly string[],
): Promise<readonly ReliableMessage[]> {
  const before = from.wire.sent.length;
  for (const text of texts) await from.messenger.sendContent(createText(text), to);
  return from.wire.sent.slice(before);
}

/** What was said in a message, received or kept. */
export function textOf(of: Received | KeptMessage | MessengerEvents['message']): string {
  const content = 'content' in of ? of.content : 'message' in of ? contentOf(of.message) : undefined;
  return content?.kind === 'text' ? content.text : '';
}

function contentOf(message: unknown): MessengerEvents['message']['content'] | undefined {
  return (message as { readonly content?: MessengerEvents['message']['content'] } | undefined)?.content;
}

/** The error code of what was refused; its kind else. */
export function outcomeOf(outcome: Received | Sent): string {
  return outcome.kind === 'rejected' || outcome.kind === 'failed' ? outcome.error.code : outcome.kind;
}

/** All that happens from now on. */
export function record<N extends keyof MessengerEvents>(
  { messenger }: Pick<Person, 'messenger'>,
  name: N,
): readonly MessengerEvents[N][] {
  const events: MessengerEvents[N][] = [];
  messenger.on(name, event => void events.push(event));
  return events;
}

/** Lets what is under way come to an end, as far as it waits for nobody. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await new Promise(setImmediate);
}

/** Waits for something that a disk takes its time for. @throws when it does not come for so many seconds */
export async function until(isSo: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`expected to be so within ${seconds} seconds: ${isSo}`);
    await new Promise(resolve => setTimeout(resolve, 1));
  }
}

/** A promise that somebody else keeps. */
export function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>(keep => {
    resolve = keep;
  });
  return { promise, resolve };
}
