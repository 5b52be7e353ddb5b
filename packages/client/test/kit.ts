import { formatPackage, type Protocol } from '@dimp/core';
import type { PrivateKey } from '@dimp/crypto';
import { type Content, createText } from '@dimp/dkd';
import type { ID, Meta } from '@dimp/mkm';
import { defaultProtocol, Facebook, Messenger, registerUser } from '@dimp/sdk';
import type { ConnectionState, StationTransport } from '../src/websocket/index.js';

export const protocol: Protocol = defaultProtocol();

const keys = new Map<string, Promise<PrivateKey>>();

/** A key pair by name: made once for all tests of a file, since RSA keys take their time. */
export function keyOf(name: string): Promise<PrivateKey> {
  const known = keys.get(name) ?? protocol.asymmetric.get('RSA').generatePrivateKey({ bits: 1024 });
  keys.set(name, known);
  return known;
}

/** Somebody with keys, who can pack messages. */
export interface Person {
  readonly id: ID;
  readonly facebook: Facebook;
  readonly meta: Meta;
  /** A package for somebody whose meta is here. */
  pack(receiver: ID, said: string | Content): Promise<Uint8Array>;
}

export async function person(name: string, clock?: () => number): Promise<Person> {
  const facebook = new Facebook({ protocol, ...(clock && { clock }) });
  const user = await registerUser(facebook, { name, privateKey: await keyOf(name), profileKey: false });
  const messenger = new Messenger({ facebook });
  return {
    id: user.id,
    facebook,
    meta: await user.meta(),
    pack: (receiver, said) =>
      messenger.packContent(typeof said === 'string' ? createText(said) : said, receiver),
  };
}

/** Each gets the meta of each other. */
export async function introduce(...people: readonly Person[]): Promise<void> {
  for (const one of people) for (const other of people) await one.facebook.saveMeta(other.meta, other.id);
}

/** A package that nobody can read, of about so many bytes: for whoever only carries it. */
export function parcel(sender: ID, receiver: ID, number: number, size = 100): Uint8Array {
  return formatPackage({
    envelope: { sender, receiver, time: number },
    data: new Uint8Array(size),
    signature: Uint8Array.of(number & 0xff, (number >> 8) & 0xff, size & 0xff),
    extra: {},
  });
}

/** Resolves when the transport is in this state, or is already. */
export function reached<Kind extends ConnectionState['kind']>(
  transport: StationTransport,
  kind: Kind,
): Promise<Extract<ConnectionState, { readonly kind: Kind }>> {
  type Wanted = Extract<ConnectionState, { readonly kind: Kind }>;
  return new Promise(resolve => {
    if (transport.state.kind === kind) return resolve(transport.state as Wanted);
    const stop = transport.onState(state => {
      if (state.kind !== kind) return;
      stop();
      resolve(state as Wanted);
    });
  });
}

/** The kinds of all states from now on. */
export function states(transport: StationTransport): readonly string[] {
  const kinds: string[] = [];
  transport.onState(({ kind }) => void kinds.push(kind));
  return kinds;
}

/** Resolves when this holds, looking again and again; gives up when that makes no sense any more. */
export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 3000) throw new Error('what was waited for did not come');
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

/** What came in, as text of packages. */
export function inbox(transport: Pick<StationTransport, 'subscribe'>): Uint8Array[] {
  const packages: Uint8Array[] = [];
  transport.subscribe(data => void packages.push(data));
  return packages;
}

/** The error code of what a promise rejects with; undefined when it does not. */
export async function codeOf(action: Promise<unknown>): Promise<string | undefined> {
  try {
    await action;
    return undefined;
  } catch (error) {
    return (error as { readonly code?: string }).code;
  }
}

/** What came in of one kind of content, opened by whom it is for. */
export async function contents<Kind extends Content['kind']>(
  { facebook }: Person,
  packages: readonly Uint8Array[],
  kind: Kind,
): Promise<readonly Extract<Content, { readonly kind: Kind }>[]> {
  const messenger = new Messenger({ facebook, replay: false });
  const found: Content[] = [];
  for (const data of packages) {
    const received = await messenger.processPackage(data);
    if (received.kind === 'accepted') found.push(received.message.content);
  }
  return found.filter(content => content.kind === kind) as Extract<Content, { readonly kind: Kind }>[];
}
