import { asWriteError, type StoreError } from './errors.js';

/** What a group writer is told of its groups. */
export interface GroupWriterParts<Group> {
  /** An empty one. */
  create(): Group;
  /** Resolves when everything in it is on disk. */
  write(group: Group): Promise<void>;
  /** Writing failed: the group, and the one that gathered behind it, are dropped. Called before anybody hears of it. */
  dropped?(error: StoreError): void;
}

interface Entry<Group> {
  readonly group: Group;
  readonly done: Promise<void>;
  resolve(): void;
  reject(error: StoreError): void;
}

/**
 * Writes what comes at the same time in one go. While one group is being written, what comes gathers for the next: so a
 * burst costs few syncs, and whoever waits still hears only of his own.
 *
 * When a group fails, what gathered behind it is dropped as well, as it may build on what is not there.
 */
export class GroupWriter<Group> {
  readonly #parts: GroupWriterParts<Group>;
  #gathering: Entry<Group> | undefined;
  #writing: Entry<Group> | undefined;
  #writer: Promise<void> | undefined;

  constructor(parts: GroupWriterParts<Group>) {
    this.#parts = parts;
  }

  /** What is written next. */
  get gathering(): Group | undefined {
    return this.#gathering?.group;
  }

  /** What is being written. */
  get writing(): Group | undefined {
    return this.#writing?.group;
  }

  /** Adds to the next group. The promise resolves when that is on disk; nobody has to wait for it. */
  add(add: (group: Group) => void): Promise<void> {
    this.#gathering ??= newEntry(this.#parts.create());
    const { group, done } = this.#gathering;
    add(group);
    this.#writer ??= this.#work();
    return done;
  }

  /** Resolves when everything that was added before is on disk. @throws {StoreError} when it is not */
  async commit(): Promise<void> {
    await (this.#gathering ?? this.#writing)?.done;
  }

  /** Resolves when the group that is being written is done, whatever became of it. */
  async room(): Promise<void> {
    await this.#writing?.done.catch(() => undefined);
  }

  /** Resolves when nothing is on its way any more, whatever became of it. */
  async idle(): Promise<void> {
    while (this.#writer !== undefined) await this.#writer;
  }

  async #work(): Promise<void> {
    // those who come at the same time come along
    await undefined;
    for (let entry = this.#gathering; entry !== undefined; entry = this.#gathering) {
      this.#gathering = undefined;
      this.#writing = entry;
      try {
        await this.#parts.write(entry.group);
        this.#writing = undefined;
        entry.resolve();
      } catch (error) {
        this.#drop(asWriteError(error));
      }
    }
    this.#writer = undefined;
  }

  #drop(error: StoreError): void {
    const dropped = [this.#writing, this.#gathering];
    this.#writing = undefined;
    this.#gathering = undefined;
    this.#parts.dropped?.(error);
    for (const entry of dropped) entry?.reject(error);
  }
}

function newEntry<Group>(group: Group): Entry<Group> {
  let resolve!: () => void;
  let reject!: (error: StoreError) => void;
  const done = new Promise<void>((onDone, onError) => {
    resolve = onDone;
    reject = onError;
  });
  // somebody may add and go on without waiting; whoever waits hears of it all the same
  done.catch(() => undefined);
  return { group, done, resolve, reject };
}
