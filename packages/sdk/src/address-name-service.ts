import { anyone, equalID, everyone, founder, type ID } from '@dimp/mkm';
import type { Archive } from './archive.js';

/** Names that nobody can give to an ID; those of them that mean somebody do so everywhere (v1.md 14.2). */
export const reservedNames: readonly string[] = /* @__PURE__ */ listNames();

/**
 * Short names for IDs, as people type them. Names are told apart by exact letters: `ALL` is not `all`.
 *
 * The names live in the archive; those built in are the same everywhere and cannot be changed.
 */
export class AddressNameService {
  readonly #archive: Pick<Archive, 'loadNames' | 'saveName'>;
  readonly #reserved: ReadonlySet<string> = new Set(reservedNames);

  constructor(archive: Pick<Archive, 'loadNames' | 'saveName'>) {
    this.#archive = archive;
  }

  /** The ID of a name; undefined when nobody has it. */
  async find(name: string): Promise<ID | undefined> {
    return (await this.records()).get(name);
  }

  /** Gives a name to an ID, in place of who had it; false, and nothing happens, when the name is reserved. */
  async save(name: string, id: ID): Promise<boolean> {
    return this.#save(name, id);
  }

  /** Takes a name away; false, and nothing happens, when it is reserved. */
  async remove(name: string): Promise<boolean> {
    return this.#save(name, undefined);
  }

  /** All names of an ID, those built in first. */
  async names(id: ID): Promise<readonly string[]> {
    const records = [...(await this.records())];
    return records.filter(([, owner]) => equalID(owner, id)).map(([name]) => name);
  }

  /** All names with their IDs, those built in first. */
  async records(): Promise<ReadonlyMap<string, ID>> {
    const saved = [...(await this.#archive.loadNames())];
    return new Map([...builtIn(), ...saved.filter(([name]) => !this.#reserved.has(name))]);
  }

  async #save(name: string, id: ID | undefined): Promise<boolean> {
    if (this.#reserved.has(name)) return false;
    await this.#archive.saveName(name, id);
    return true;
  }
}

function builtIn(): readonly (readonly [string, ID])[] {
  return [
    ['all', everyone],
    ['everyone', everyone],
    ['anyone', anyone],
    ['owner', anyone],
    ['founder', founder],
  ];
}

function listNames(): readonly string[] {
  const groups = [
    'all everyone anyone owner founder',
    'dkd mkm dimp dim dimt rsa ecc aes des btc eth',
    'crypto key symmetric asymmetric public private secret password id address meta profile entity user group',
    'contact member admin administrator assistant main polylogue chatroom social organization company school',
    'government department provider station thing robot',
    'message instant secure reliable envelope sender receiver time content forward command history keys data',
    'signature type serial sn text file image audio video page handshake receipt block mute register suicide',
    'found abdicate invite expel join quit reset query hire fire resign',
    'server client terminal local remote barrack cache transceiver ans facebook store messenger root supervisor',
  ];
  return groups.join(' ').split(' ');
}
