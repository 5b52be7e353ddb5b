import type { JsonObject } from '@dimp/crypto';
import type { Awaitable, ID } from '@dimp/mkm';

/** Lists and users in them that are remembered, together: some twenty megabytes at the most. */
const maxWeight = 200_000;

type BlockList = ReadonlySet<string>;

/** Whom users have blocked, remembered for those who were asked about last: it is asked for every message. */
export class BlockLists {
  readonly #load: (user: ID) => Awaitable<JsonObject | undefined>;
  /** By users, those asked about last at the end. */
  readonly #lists = new Map<string, BlockList>();
  readonly #loading = new Map<string, Promise<BlockList>>();
  #weight = 0;

  /** @param load gives the command that a user left */
  constructor(load: (user: ID) => Awaitable<JsonObject | undefined>) {
    this.#load = load;
  }

  /** At once when the list is remembered. */
  isBlocked(by: ID, who: ID): Awaitable<boolean> {
    const list = this.#lists.get(by.key);
    if (list === undefined) return this.#fetch(by).then(fetched => fetched.has(who.key));
    this.#lists.delete(by.key);
    this.#lists.set(by.key, list);
    return list.has(who.key);
  }

  /** A user has left another list, which is on disk. */
  set(by: ID, command: JsonObject): void {
    // what is being loaded may be the one before
    this.#loading.delete(by.key);
    this.#remember(by.key, readList(command));
  }

  #fetch(by: ID): Promise<BlockList> {
    const { key } = by;
    const known = this.#loading.get(key);
    if (known !== undefined) return known;
    const loading = this.#read(by).finally(() => {
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    });
    this.#loading.set(key, loading);
    return loading.then(list => {
      const newer = this.#lists.get(key);
      if (newer === undefined) this.#remember(key, list);
      return newer ?? list;
    });
  }

  async #read(by: ID): Promise<BlockList> {
    const command = await this.#load(by);
    return command === undefined ? nobody : readList(command);
  }

  #remember(key: string, list: BlockList): void {
    this.#forget(key);
    this.#lists.set(key, list);
    this.#weight += 1 + list.size;
    for (const oldest of this.#lists.keys()) {
      if (this.#weight <= maxWeight) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const list = this.#lists.get(key);
    if (list === undefined) return;
    this.#lists.delete(key);
    this.#weight -= 1 + list.size;
  }
}

const nobody: BlockList = new Set<string>();

/** The keys of the IDs in a command: they were read as IDs when it came, and reading one anew costs two digests. */
function readList({ list }: JsonObject): BlockList {
  if (!Array.isArray(list)) return nobody;
  const texts = list.filter(item => typeof item === 'string');
  return new Set(texts.map(text => text.replace(/^@|\/.*$/gs, '')));
}
