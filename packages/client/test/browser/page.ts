// What the page offers to the test: a user with a messenger over a station. Everything goes in and comes out as JSON.

import { StationTransport } from '@dimp/client/websocket';
import { createText } from '@dimp/dkd';
import { formatMeta, type ID, parseMeta } from '@dimp/mkm';
import { Facebook, Messenger, registerUser } from '@dimp/sdk';

/** Somebody as others need to know him. */
export interface Card {
  readonly id: string;
  readonly meta: object;
}

const facebook = new Facebook();
const texts: string[] = [];
const kinds: string[] = [];
let transport: StationTransport;
let messenger: Messenger;
let user: ID;

const app = {
  async register(name: string): Promise<Card> {
    const made = await registerUser(facebook, { name, bits: 1024 });
    user = made.id;
    return { id: user.text, meta: formatMeta(await made.meta()) };
  },

  async meet({ id, meta }: Card): Promise<boolean> {
    return facebook.saveMeta(parseMeta(meta, facebook.protocol), facebook.parseID(id));
  },

  /** The ID of the station. */
  async connect(url: string, heartbeatSeconds: number): Promise<string> {
    transport = new StationTransport({
      facebook,
      user,
      stations: [{ url }],
      heartbeatSeconds,
      backoff: { firstSeconds: 0.05 },
    });
    transport.onState(({ kind }) => void kinds.push(kind));
    messenger = new Messenger({ facebook, transport });
    messenger.on(
      'message',
      ({ content }) => void texts.push('text' in content ? content.text : content.kind),
    );
    await transport.connect();
    return transport.state.kind === 'ready' ? transport.state.station.text : transport.state.kind;
  },

  async send(text: string, to: string): Promise<string> {
    return (await messenger.sendContent(createText(text), facebook.parseID(to))).kind;
  },

  texts: (): readonly string[] => texts,
  states: (): readonly string[] => kinds,

  async close(): Promise<void> {
    await messenger.close();
    await transport.close();
  },
};

/** What the test calls. */
export type App = typeof app;

Object.assign(globalThis, { app });
