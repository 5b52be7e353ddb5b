import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reasonOf } from './reason-of.js';

/**
 * Another implementation that does the same work: accounts with RSA-1024 keys which it has made when its
 * module was loaded, a new message key for each message.
 */
export interface Peer {
  /** By which its targets are found: `dimchat JavaScript 2.0`, `Python dimp 0.9.5`. */
  readonly name: string;
  /** From a text to the package that travels, in whatever shape it has there. */
  pack(text: string): unknown;
  /** From that package, checked and opened, to the text. */
  unpack(pack: unknown): unknown;
}

/** The variable of the environment that names their module. */
export const peersVariable = 'DIMP_BENCH_PEERS';

/** Peers that cannot be had; the message names the variable. */
export class PeersError extends Error {}

/**
 * Loads the peers of a module, which exports the list as default or as `peers`.
 * @param module a path, or the name of a package; nothing for no peers
 * @throws {PeersError} it cannot be imported, or what it exports is no such list
 */
export async function loadPeers(module: string | undefined): Promise<readonly Peer[]> {
  if (module === undefined || module === '') return [];
  const isPath = /^[./]|\.[cm]?js$/.test(module);
  const loaded = await load(isPath ? pathToFileURL(resolve(module)).href : module);
  const list = loaded.peers ?? loaded.default;
  const place = `${peersVariable}: ${module}`;
  if (!Array.isArray(list) || !list.every(isPeer)) {
    throw new PeersError(
      `${place}: expected a list of { name, pack, unpack } as default export or as peers.`,
    );
  }
  if (new Set(list.map(({ name }) => name)).size === list.length) return list;
  throw new PeersError(`${place}: expected a name of its own for each.`);
}

async function load(module: string): Promise<{ readonly default?: unknown; readonly peers?: unknown }> {
  try {
    return await import(module);
  } catch (cause) {
    throw new PeersError(`${peersVariable}: cannot import ${module}: ${reasonOf(cause)}`, { cause });
  }
}

function isPeer(value: unknown): value is Peer {
  const { name, pack, unpack } = (value ?? {}) as Record<keyof Peer, unknown>;
  return typeof name === 'string' && typeof pack === 'function' && typeof unpack === 'function';
}

/**
 * A package of a peer's, once it was seen to come back as the text it was made of.
 * @throws {TypeError} it does not
 */
export async function peerPackage(peer: Peer, text: string): Promise<unknown> {
  const pack = await peer.pack(text);
  if ((await peer.unpack(pack)) !== text) {
    throw new TypeError(`${peer.name}: expected unpack to give the text that was packed.`);
  }
  return pack;
}
