// Somebody who writes as fast as he can, through whatever happens to the station.
import { StationTransport } from '@dimp/client/websocket';
import { createText } from '@dimp/dkd';
import { Facebook, MemoryConversations, MemoryOutbox, Messenger } from '@dimp/sdk';
import { type Account, type Card, enter, meet } from '../kit/account.js';
import { readJob, say } from './job.js';

/** What a writer is told. */
export interface WriterJob {
  readonly url: string;
  readonly account: Account;
  readonly to: Card;
  /** Texts `0`, `1` and so on. */
  readonly count: number;
}

/** Texts that wait in the outbox at once. */
const ahead = 256;

const { url, account, to, count } = readJob<WriterJob>();
const facebook = new Facebook();
const user = await enter(facebook, account);
await meet(facebook, [to]);
const backoff = { firstSeconds: 0.05, maxSeconds: 0.2 };
const transport = new StationTransport({ facebook, user, stations: [{ url }], backoff });
const conversations = new MemoryConversations();
const messenger = new Messenger({ facebook, transport, conversations, outbox: new MemoryOutbox() });

let written = 0;
let gone = 0;
let failed = 0;
let next: () => void = () => undefined;
const settle = (): void => {
  gone++;
  next();
};
messenger.on('message-state', ({ state }) => {
  if (state === 'failed') failed++;
  if (state === 'sent' || state === 'failed') settle();
});
await transport.connect();
const receiver = facebook.parseID(to.id);
for (; written < count; written++) {
  while (written - gone >= ahead) {
    await new Promise<void>(resolve => {
      next = resolve;
    });
  }
  void messenger.sendContent(createText(`${written}`), receiver);
}
while (gone < count) {
  await new Promise<void>(resolve => {
    next = resolve;
  });
}
say({ gone, failed });
await messenger.close();
await transport.close();
