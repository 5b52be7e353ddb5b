import {
  constants,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { processUse } from './process-use.js';
import type { Program } from './program.js';

/** What a bare relay does beside relaying. */
export interface BareRelayJob {
  /** Whether it signs a receipt for each message and wraps a key for its sender. */
  readonly receipts: boolean;
}

/** The first frame of a connection: whose it is. */
export interface BareLogin {
  readonly user: string;
  /** His key as PEM. */
  readonly key: string;
}

/** The members of a package that a bare relay looks at. */
interface BarePackage {
  readonly sender: string;
  readonly receiver: string;
  readonly data: string;
  readonly signature: string;
}

/** The floor: parses a package, verifies its signature and hands it to the receiver's socket. It knows no disk. */
export async function createBareRelay({ receipts }: BareRelayJob): Promise<Program> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const users = new Map<string, { readonly socket: WebSocket; readonly key: KeyObject }>();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  server.on('connection', socket => {
    socket.once('message', first => {
      const { user, key } = JSON.parse(String(first)) as BareLogin;
      users.set(user, { socket, key: createPublicKey(key) });
      socket.on('message', (payload: Buffer) => {
        if (payload[0] === letterA) return;
        const { sender, receiver, data, signature } = JSON.parse(payload.toString()) as BarePackage;
        const from = users.get(sender);
        const to = users.get(receiver);
        if (from === undefined || to === undefined) return;
        const signed = Buffer.from(data, 'base64');
        if (!verify('sha256', signed, from.key, Buffer.from(signature, 'base64'))) return;
        to.socket.send(payload, { binary: false });
        if (receipts) socket.send(receipt(signed, from.key, privateKey));
      });
      socket.send('welcome');
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: () => ({ url: `ws://127.0.0.1:${port}` }),
    ...processUse,
    async close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The first letter of `ACK:`. */
const letterA = 0x41;

function receipt(data: Buffer, key: KeyObject, own: KeyObject): string {
  const padding = constants.RSA_PKCS1_PADDING;
  return JSON.stringify({
    data: data.toString('base64'),
    key: publicEncrypt({ key, padding }, randomBytes(48)).toString('base64'),
    signature: sign('sha256', data, own).toString('base64'),
  });
}
