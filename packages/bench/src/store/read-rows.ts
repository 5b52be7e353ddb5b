import { openStore } from '@dimp/store';
import { chat } from '../chat.js';
import { interleave } from '../interleave.js';
import { type Row, timeRow } from '../row.js';
import type { Scope } from '../suite.js';

/** Listing and searching the one conversation of a store. @param count how many messages it has */
export async function readRows(location: string, count: number, scope: Scope): Promise<readonly Row[]> {
  const store = await openStore({ location });
  try {
    const { list, rare, common } = await interleave(
      {
        list: () => store.conversations.list(chat, { limit: 50 }),
        rare: () => store.conversations.search(chat, `n${count >> 1}`),
        common: () => store.conversations.search(chat, 'quick brown zebras', { limit: 50 }),
      },
      scope,
    );
    const suite = 'store';
    return [
      timeRow({ suite, name: `50 of ${count} messages listed`, times: list }),
      timeRow({ suite, name: `${count} messages searched for a rare word`, times: rare }),
      timeRow({ suite, name: `${count} messages searched for common words`, times: common }),
    ];
  } finally {
    await store.close();
  }
}
