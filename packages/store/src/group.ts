import type { StoreError } from './errors.js';
import type { Change } from './layer.js';

/** Changes that go to disk in one batch, by the text of their keys. */
export class Group extends Map<string, Change> {
  /** Resolves when they are on disk, rejects when they are not. */
  readonly done: Promise<void>;
  resolve!: () => void;
  reject!: (error: StoreError) => void;

  constructor() {
    super();
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // somebody may have merged and gone on without waiting; whoever waits hears of it all the same
    this.done.catch(() => undefined);
  }
}
