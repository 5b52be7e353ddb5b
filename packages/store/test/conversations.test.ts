import type { Conversations } from '@dimp/sdk';
import { conversationsConformance } from '@dimp/sdk/conformance';
import { describe, it } from '@jest/globals';
import type { StoreOptions } from '../src/index.js';
import { newStore, places } from './kit.js';

for (const { name, create } of places) {
  describe(name, () => {
    const runs = new Map<Conversations, () => Promise<Conversations>>();
    const open = async (options: StoreOptions): Promise<Conversations> => {
      const store = await newStore(options);
      runs.set(store.conversations, async () => {
        await store.close();
        return open(options);
      });
      return store.conversations;
    };
    conversationsConformance(
      { describe, it },
      {
        create: async bounds => open({ ...(await create()), ...bounds }),
        reopen: one => (runs.get(one) ?? (() => Promise.reject(new Error('unknown conversations'))))(),
      },
    );
  });
}
