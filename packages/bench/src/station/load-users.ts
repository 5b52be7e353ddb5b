import { once } from 'node:events';
import { encodePublicKey, parsePublicNumbers } from '@dimp/crypto/rsa';
import { createHandshake, type HandshakeCommand, Messenger } from '@dimp/sdk';
import { WebSocket } from 'ws';
import type { BareLogin } from './bare-relay.js';
import type { Person } from './people.js';

/** A user with an open connection. */
export interface LoadUser {
  readonly id: string;
  readonly socket: WebSocket;
}

/** Logs in so many at a time. */
const together = 16;

/** Connects users to a bare relay, and tells it who they are. */
export function bareUsers(people: readonly Person[], url: string): Promise<readonly LoadUser[]> {
  return connectAll(people, url, async (socket, { user, key }) => {
    const der = Buffer.from(encodePublicKey(parsePublicNumbers(key.publicKey.json))).toString('base64');
    const pem = `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----\n`;
    socket.send(JSON.stringify({ user: user.id.text, key: pem } satisfies BareLogin));
    await once(socket, 'message');
  });
}

/** Connects users to a station, and logs them in as generation 1 does. @param acks in place of signed receipts */
export function stationUsers(
  people: readonly Person[],
  url: string,
  acks: boolean,
): Promise<readonly LoadUser[]> {
  return connectAll(people, url, async (socket, { user, facebook }) => {
    const messenger = new Messenger({ facebook });
    const extra = acks ? { ack: true } : {};
    const send = async (command: HandshakeCommand, to: string): Promise<HandshakeCommand> => {
      const answer = once(socket, 'message');
      const data = await messenger.packContent(command, facebook.parseID(to), {
        attachMeta: true,
        sender: user.id,
      });
      socket.send(data, { binary: false });
      const [payload] = (await answer) as [Buffer];
      const received = await messenger.processPackage(payload);
      if (received.kind !== 'accepted') throw new Error(`A station's answer is ${received.kind}.`);
      return received.message.content as HandshakeCommand;
    };
    const { session } = await send(createHandshake('start', undefined, { extra }), 'station@anywhere');
    const { message } = await send(createHandshake('restart', session, { extra }), 'station@anywhere');
    if (message !== 'DIM!') throw new Error(`A station did not let a user in: ${message}`);
  });
}

async function connectAll(
  people: readonly Person[],
  url: string,
  logIn: (socket: WebSocket, person: Person) => Promise<void>,
): Promise<readonly LoadUser[]> {
  const users: LoadUser[] = [];
  for (let start = 0; start < people.length; start += together) {
    const some = people.slice(start, start + together).map(async person => {
      const socket = new WebSocket(url, { perMessageDeflate: false });
      await once(socket, 'open');
      await logIn(socket, person);
      return { id: person.user.id.text, socket };
    });
    users.push(...(await Promise.all(some)));
  }
  return users;
}
