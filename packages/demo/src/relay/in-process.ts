import { MemoryFileHost, MemoryRelay } from '@dimp/sdk';
import type { Relay } from './relay.js';

/** A relay and a file host inside this process, without a network. */
export function createInProcessRelay(): Relay {
  const relay = new MemoryRelay();
  const host = new MemoryFileHost();
  return {
    join: async user => ({ transport: relay.connect(user), host, close: async () => {} }),
    watch: listener => relay.watch(listener),
    close: async () => {},
  };
}
