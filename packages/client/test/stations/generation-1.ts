// A station of generation 1, as transport.md 2, 8, 9 and 11 show it on the wire. Named as a script: it answers as the
// transcripts do, with contents made by this library's keys.
import { createHandshake, createReceipt, type HandshakeCommand } from '@dimp/sdk';
import { bare, type Clerk, isAnyStation, type Opened } from './clerk.js';
import { opcodes, type RawPeer, RawServer } from './raw-socket.js';

/**
 * What is particular: every frame of a client gets exactly one frame back, an empty one when there is nothing to say; all
 * answers to one frame are joined in it, each with a newline; nothing is attached to answers; success names no session;
 * protocol pings get an empty frame, goodbyes nothing; receipts hold copies of the head at their top.
 */
export class Generation1Station {
  readonly clerk: Clerk;
  readonly server: RawServer;
  /** Who is logged in by which connection. */
  readonly online: Map<string, Set<RawPeer>> = new Map();
  /** Packages of users who were not there. */
  readonly stored: Map<string, Uint8Array[]> = new Map();
  /** Names of the commands that came for it, in order. */
  readonly heard: string[] = [];
  /** Says nothing any more, as a machine does that has lost its network. */
  isMute = false;
  #tail: Promise<void> = Promise.resolve();
  readonly #sessions = new Map<RawPeer, string>();

  constructor(clerk: Clerk) {
    this.clerk = clerk;
    this.server = new RawServer({
      frame: ({ opcode, payload }, peer) => this.#frame(opcode, payload, peer),
      closed: peer => {
        for (const peers of this.online.values()) peers.delete(peer);
      },
    });
  }

  get url(): string {
    return this.server.url;
  }

  /** Sends a package to a user by all his connections: alone, and without newline. */
  push(user: string, data: Uint8Array): boolean {
    const peers = this.online.get(user) ?? new Set();
    for (const peer of peers) peer.text(data);
    return peers.size > 0;
  }

  #frame(opcode: number, payload: Buffer, peer: RawPeer): void {
    if (opcode === opcodes.close) return;
    if (opcode === opcodes.ping) {
      if (!this.isMute) peer.text('');
      return;
    }
    // one thread for each connection, one frame after the other
    this.#tail = this.#tail.then(async () => {
      const answers: Uint8Array[] = [];
      for (const line of payload.toString().split('\n')) {
        if (line.startsWith('{')) answers.push(...(await this.#process(Buffer.from(line), peer)));
      }
      if (!this.isMute) peer.text(Buffer.concat(answers.flatMap(answer => [answer, Buffer.from('\n')])));
    });
  }

  async #process(data: Buffer, peer: RawPeer): Promise<readonly Uint8Array[]> {
    const { sender, receiver, signature } = JSON.parse(data.toString());
    const id = this.clerk.facebook.parseID(receiver);
    if (id.key === this.clerk.id.key || isAnyStation(id)) return this.#own(await this.clerk.open(data), peer);
    if (receiver === 'everyone@everywhere') {
      const opened = await this.clerk.open(data);
      return [
        await this.#receipt('Message delivering', opened, signature),
        ...(await this.#own(opened, peer)),
      ];
    }
    if (!this.push(id.key, data)) this.stored.set(id.key, [...(this.stored.get(id.key) ?? []), data]);
    const head = JSON.parse(data.toString());
    const receipt = createReceipt('Message delivering', undefined, {
      extra: { sender, receiver, time: head.time, signature },
    });
    return [await this.clerk.seal(receipt, bare(this.clerk.facebook.parseID(sender)))];
  }

  async #own(opened: Opened, peer: RawPeer): Promise<readonly Uint8Array[]> {
    const { content, message } = opened;
    const { sender } = message.envelope;
    if (content.kind === 'handshake-command') {
      this.heard.push(content.session === undefined ? 'hello' : 'proof');
      return [await this.#shake(content, bare(sender), peer)];
    }
    this.heard.push(content.kind);
    if (content.kind !== 'login-command') return [];
    return [await this.clerk.seal(createReceipt('Login received'), bare(sender))];
  }

  async #shake(command: HandshakeCommand, user: ReturnType<typeof bare>, peer: RawPeer): Promise<Uint8Array> {
    const session = this.#sessions.get(peer) ?? `${this.#sessions.size}`.padStart(64, '0');
    this.#sessions.set(peer, session);
    if (command.session !== session) return this.clerk.seal(createHandshake('again', session), user);
    this.online.set(user.key, (this.online.get(user.key) ?? new Set()).add(peer));
    const stored = this.stored.get(user.key) ?? [];
    this.stored.delete(user.key);
    // behind the answer, each alone
    setTimeout(() => stored.forEach(data => void this.push(user.key, data)), 5);
    return this.clerk.seal(createHandshake('success'), user);
  }

  async #receipt(text: string, { message }: Opened, signature: string): Promise<Uint8Array> {
    const { sender, receiver, time = 0 } = message.envelope;
    const extra = { sender: sender.text, receiver: receiver.text, time, signature };
    return this.clerk.seal(createReceipt(text, undefined, { extra }), bare(sender));
  }
}
