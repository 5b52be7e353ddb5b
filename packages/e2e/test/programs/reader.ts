// Somebody who reads what comes into a store on disk, until he is killed or told to stop.
import { StationTransport } from '@dimp/client/websocket';
import type { TextContent } from '@dimp/dkd';
import { Facebook, Messenger } from '@dimp/sdk';
import { openStore } from '@dimp/store';
import { type Account, type Card, enter, meet } from '../kit/account.js';
import { readJob, say } from './job.js';

/** What a reader is told. */
export interface ReaderJob {
  readonly url: string;
  readonly account: Account;
  readonly knows: readonly Card[];
  readonly location: string;
}

const { url, account, knows, location } = readJob<ReaderJob>();
const store = await openStore({ location });
const facebook = new Facebook({ archive: store.archive });
const user = await enter(facebook, account);
await meet(facebook, knows);
const backoff = { firstSeconds: 0.05, maxSeconds: 0.2 };
const transport = new StationTransport({ facebook, user, stations: [{ url }], backoff });
const messenger = new Messenger({ facebook, transport, store });
messenger.on('message', ({ content, sender }) => {
  say({ from: sender.text, text: (content as TextContent).text });
});
messenger.on('duplicate', () => say({ duplicate: true }));
messenger.on('rejected', ({ error }) => say({ rejected: error.code }));
process.on('SIGTERM', async () => {
  await messenger.close();
  await transport.close();
  await store.close();
});
await transport.connect();
say({ isReady: true });
