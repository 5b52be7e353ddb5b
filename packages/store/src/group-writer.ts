import { asWriteError, type StoreError } from './errors.js';

/** What a group writer is told of its groups. */
export interface GroupWriterParts<Group> {
  /** An empty one. */
  create(): Group;
  /** Resolves when everything in it is on disk. */
  write(group: Group): Promise<void>;
  /** Whether nothing should be added any more. Never when absent. */
  isFull?(group: Group): boolean;
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
    if (this.#gathering === undefined) {
      this.#gathering = newEntry(this.#parts.create());
      // those who come at the same time come along
      if (this.#writing === undefined) queueMicrotask(() => this.#next());
    }
    const { group, done } = this.#gathering;
    add(group);
    if (this.#isFull(group)) this.#next();
    return done;
  }

  /** Resolves when everything that was added before is on disk. @throws {StoreError} when it is not */
  async commit(): Promise<void> {
    await (this.#gathering ?? this.#writing)?.done;
  }

  /**
   * Resolves when the group that is being written is done, whatever became of it, so that the next one begins; undefined
   * when there is room in the one that gathers.
   */
  room(): Promise<void> | undefined {
    if (this.#gathering === undefined || !this.#isFull(this.#gathering.group)) return undefined;
    return this.#writing?.done.catch(() => undefined);
  }

  /** Resolves when nothing is on its way any more, whatever became of it. */
  async idle(): Promise<void> {
    for (;;) {
      const last = this.#gathering ?? this.#writing;
      if (last === undefined) return;
      await last.done.catch(() => undefined);
    }
  }

  /** Begins with the group that gathered, unless another is being written. */
  #next(): void {
    const entry = this.#gathering;
    if (entry === undefined || this.#writing !== undefined) return;
    this.#gathering = undefined;
    this.#writing = entry;
    this.#parts.write(entry.group).then(
      () => {
        this.#writing = undefined;
        entry.resolve();
        this.#next();
      },
      error => this.#drop(asWriteError(error)),
    );
  }

  #isFull(group: Group): boolean {
    return this.#parts.isFull?.(group) === true;
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
