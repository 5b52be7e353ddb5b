/** Of Web Locks: the browser gives a name to one holder at a time, in the order of asking, also over tabs. */
export interface TabLocks {
  /** Calls `work` with the lock; it is held until what comes back settles. A signal ends the waiting. */
  request(
    name: string,
    options: { readonly signal: AbortSignal },
    work: () => Promise<void>,
  ): Promise<unknown>;
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
}

/** Of BroadcastChannel: what one tab says, all others hear. */
export interface TabChannel {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** What tabs share of a browser. */
export interface TabHost {
  readonly locks: TabLocks;
  createChannel(name: string): TabChannel;
  /** Does something after so many milliseconds, unless the function that comes back is called before. */
  after(milliseconds: number, action: () => void): () => void;
}

/** The browser's own; undefined where it has none, as on pages that came over plain http. */
export function findTabHost(): TabHost | undefined {
  const { navigator, BroadcastChannel } = globalThis as {
    readonly navigator?: { readonly locks?: TabLocks };
    readonly BroadcastChannel?: new (name: string) => TabChannel;
  };
  const locks = navigator?.locks;
  if (locks === undefined || BroadcastChannel === undefined) return undefined;
  return {
    locks,
    createChannel: name => new BroadcastChannel(name),
    after(milliseconds, action) {
      const timer = setTimeout(action, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}
