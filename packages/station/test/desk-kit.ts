import { parsePackage } from '@dimp/core';
import type { JsonObject } from '@dimp/crypto';
import { type Content, createInstantMessage, formatContent, parseContent } from '@dimp/dkd';
import { createBtcAddress, createID, everyone, type ID, NetworkType } from '@dimp/mkm';
import { Facebook, Messenger } from '@dimp/sdk';
import { installTestUsers } from '@dimp/sdk/test-users';
import { createMemoryDatabase } from '@dimp/store/memory';
import type { Connection } from '../src/connection.js';
import { createDesk } from '../src/desk/create-desk.js';
import type { Desk, DeskAnswer, DeskRequest } from '../src/desk.js';
import { openUserDirectory } from '../src/level-user-directory.js';
import type { Session } from '../src/session.js';
import type { UserDirectory } from '../src/user-directory.js';

/** When everything here happens. */
export const now = 1_700_000_000;

/** A desk that knows hulk and moki, and what it works with. */
export interface TestDesk {
  readonly desk: Desk;
  readonly facebook: Facebook;
  readonly users: UserDirectory;
  readonly hulk: ID;
  readonly moki: ID;
  readonly online: ID[];
  readonly commands: string[];
  /** Asks as hulk who is logged in, unless told otherwise. */
  ask(content: Content, request?: Asking): Promise<DeskAnswer>;
  /** The answer as it stands on the wire, without serial numbers. */
  hear(content: Content, request?: Asking): Promise<readonly JsonObject[]>;
}

export interface Asking {
  readonly sender?: ID;
  readonly session?: Partial<Session>;
  readonly to?: ID;
  readonly time?: number;
}

export async function newDesk(changed: Partial<UserDirectory> = {}): Promise<TestDesk> {
  const facebook = new Facebook({ clock: () => now });
  const [hulk, moki] = await installTestUsers(facebook);
  const messenger = new Messenger({ facebook });
  const database = createMemoryDatabase();
  await database.open();
  const users = await openUserDirectory({ database }, { protocol: facebook.protocol });
  const online: ID[] = [];
  const commands: string[] = [];
  const desk = createDesk({
    account: { facebook },
    users: {
      load: users.load.bind(users),
      save: users.save.bind(users),
      search: users.search.bind(users),
      ...changed,
    },
    sessions: { onlineUsers: () => online },
    metrics: { command: name => void commands.push(name) },
  });

  async function ask(content: Content, request: Asking = {}): Promise<DeskAnswer> {
    const { sender = hulk, to = everyone, time = now } = request;
    const data = await messenger.packContent(content, to, { sender });
    const signed = parsePackage(data, facebook.protocol);
    // as it comes out of the envelope
    const read = parseContent(formatContent(content, facebook.protocol), facebook.protocol);
    return desk.answer(read, requestOf(read, sender, signed, time, request.session));
  }

  return {
    ...{ desk, facebook, users, hulk, moki, online, commands, ask },
    async hear(content, request) {
      const { contents } = await ask(content, request);
      return contents.map(answer => {
        const { sn: _, ...members } = formatContent(answer, facebook.protocol);
        return members;
      });
    },
  };
}

export function requestOf(
  content: Content,
  sender: ID,
  signed: DeskRequest['signed'],
  time: number = now,
  changed: Partial<Session> = {},
): DeskRequest {
  const message = createInstantMessage({ sender, receiver: everyone, time }, content);
  return { sender, message, signed, time, session: { ...sessionOf(sender), ...changed } };
}

function sessionOf(user: ID): Session {
  const connection: Connection = {
    number: 1,
    framing: 'test',
    remote: { address: '127.0.0.1', port: 1 },
    isOpen: true,
    bufferedBytes: 0,
    send() {},
    sendAck() {},
    close() {},
  };
  return {
    connection,
    key: '',
    user,
    device: '',
    isNeighbour: false,
    wantsAcks: false,
    acknowledges: false,
    isPaused: false,
  };
}

/** Somebody who was never here. */
export function stranger(number: number): ID {
  const fingerprint = new Uint8Array(20);
  new DataView(fingerprint.buffer).setUint32(0, number);
  return createID({ name: `stranger${number}`, address: createBtcAddress(fingerprint, NetworkType.main) });
}
