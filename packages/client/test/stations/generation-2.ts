// A station of generation 2, as transport.md 2, 6, 8 and 11 show it on the wire. Named as a script: it answers as the
// transcripts do, with contents made by this library's keys.
import type { JsonObject } from '@dimp/crypto';
import type { ID } from '@dimp/mkm';
import { createHandshake, createReceipt, type HandshakeCommand } from '@dimp/sdk';
import { bare, type Clerk, isAnyStation, type Opened } from './clerk.js';
import { opcodes, type RawPeer, RawServer } from './raw-socket.js';

/** Where a receipt quotes the message that it is for. */
export type ReceiptLayout = 'everywhere' | 'origin' | 'envelope';

/** How it deviates from what it usually does. */
export interface Generation2Options {
  readonly receipts?: ReceiptLayout;
}

/**
 * What is particular: `PONG` to the text `PING`, nothing to a protocol ping or a goodbye; handshakes in `title`, with
 * `remote_address`; its meta and visa come with the first answer; one message in each frame; letters before the login are
 * kept, and `DIM?` with `force` comes for them; a packet with a known signature is dropped; pushed packages stay stored
 * until their ACK, once there was one.
 */
export class Generation2Station {
  readonly clerk: Clerk;
  readonly server: RawServer;
  readonly online: Map<string, Set<RawPeer>> = new Map();
  readonly stored: Map<string, Uint8Array[]> = new Map();
  readonly heard: string[] = [];
  /** Signatures that clients have acknowledged. */
  readonly acknowledged: string[] = [];
  /** How often each packet came, by its signature. */
  readonly seen: Map<string, number> = new Map();
  /** Frames that were neither message nor ACK. */
  readonly signs: string[] = [];
  /** Swallows everything, as a machine does that has lost its network. */
  isDead = false;
  readonly #receipts: ReceiptLayout;
  readonly #sessions = new Map<RawPeer, { readonly key: string; user?: ID; readonly kept: Buffer[] }>();
  #tail: Promise<void> = Promise.resolve();

  constructor(clerk: Clerk, options: Generation2Options = {}) {
    this.clerk = clerk;
    this.#receipts = options.receipts ?? 'everywhere';
    this.server = new RawServer({
      opened: peer => {
        const key = `${this.#sessions.size + 1}`.padStart(64, 'a');
        this.#sessions.set(peer, { key, kept: [] });
      },
      frame: ({ opcode, payload }, peer) => this.#frame(opcode, payload, peer),
      closed: peer => {
        for (const peers of this.online.values()) peers.delete(peer);
      },
    });
  }

  get url(): string {
    return this.server.url;
  }

  /** Makes it forget who is logged in, and keep what comes until the handshake was repeated. */
  logOut(): void {
    for (const session of this.#sessions.values()) delete session.user;
    this.online.clear();
  }

  /** Delivers a package: stored first, then pushed; it stays stored until it is acknowledged. */
  deliver(user: string, data: Uint8Array): boolean {
    this.stored.set(user, [...(this.stored.get(user) ?? []), data]);
    const peers = this.online.get(user) ?? new Set();
    for (const peer of peers) peer.text(data);
    return peers.size > 0;
  }

  #frame(opcode: number, payload: Buffer, peer: RawPeer): void {
    if (this.isDead || (opcode !== opcodes.text && opcode !== opcodes.binary)) return;
    const text = payload.toString();
    if (text.startsWith('ACK:')) {
      const { signature } = JSON.parse(text.slice(4));
      this.acknowledged.push(signature);
      for (const [user, packages] of this.stored) {
        const rest = packages.filter(
          data => JSON.parse(Buffer.from(data).toString()).signature !== signature,
        );
        this.stored.set(user, rest);
      }
      return;
    }
    if (!text.startsWith('{')) {
      this.signs.push(text);
      if (text === 'PING') peer.text('PONG');
      return;
    }
    this.#tail = this.#tail.then(() => this.#process(payload, peer));
  }

  async #process(data: Buffer, peer: RawPeer): Promise<void> {
    const head = JSON.parse(data.toString());
    const count = (this.seen.get(head.signature) ?? 0) + 1;
    this.seen.set(head.signature, count);
    const id = this.clerk.facebook.parseID(head.receiver);
    const isOwn = id.key === this.clerk.id.key || isAnyStation(id) || head.receiver === 'everyone@everywhere';
    if (isOwn && count > 1) return;
    const session = this.#sessions.get(peer);
    if (session === undefined) return;
    const isLetter = id.key !== this.clerk.id.key && !isAnyStation(id);
    const sender = bare(this.clerk.facebook.parseID(head.sender));
    if (isLetter && session.user === undefined) {
      session.kept.push(data);
      // whose keys it does not know gets no answer
      if ((await this.clerk.facebook.loadMeta(sender)) === undefined) return;
      const extra = { title: 'DIM?', remote_address: ['127.0.0.1', 1], force: true };
      peer.text(await this.clerk.seal(createHandshake('again', session.key, { extra }), sender));
      return;
    }
    if (isOwn) await this.#own(await this.clerk.open(data), head.signature, peer);
    // a group is refused without a word
    else if (!head.keys) {
      const isOnline = this.deliver(id.key, data);
      const text = isOnline ? 'Message delivered.' : 'Message cached.';
      peer.text(await this.clerk.seal(this.#receipt(text, head), sender));
    }
  }

  async #own({ content, message }: Opened, signature: string, peer: RawPeer): Promise<void> {
    const { sender, receiver, time = 0 } = message.envelope;
    const user = bare(sender);
    if (content.kind === 'handshake-command') {
      await this.#shake(content, user, isAnyStation(receiver), peer);
      return;
    }
    this.heard.push(content.kind);
    if (content.kind !== 'login-command') return;
    const origin = { sender: sender.text, receiver: receiver.text, time, signature };
    peer.text(await this.clerk.seal(this.#receipt('Login received.', origin), user));
  }

  async #shake(command: HandshakeCommand, user: ID, introduces: boolean, peer: RawPeer): Promise<void> {
    const session = this.#sessions.get(peer);
    if (session === undefined) return;
    this.heard.push(command.session === undefined ? 'hello' : 'proof');
    const isProved = command.session === session.key;
    const title = isProved ? 'DIM!' : 'DIM?';
    const answer = createHandshake(isProved ? 'success' : 'again', session.key, {
      extra: { title, remote_address: ['127.0.0.1', peer.socket.remotePort ?? 0] },
    });
    // the title counts; generation 2 of today writes no `message` to those who do not ask for it
    peer.text(await this.clerk.seal({ ...answer, message: title }, user, { introduces }));
    if (!isProved) return;
    session.user = user;
    this.online.set(user.key, (this.online.get(user.key) ?? new Set()).add(peer));
    for (const data of this.stored.get(user.key) ?? []) peer.text(data);
    for (const data of session.kept.splice(0)) await this.#process(data, peer);
  }

  #receipt(text: string, head: { sender: string; receiver: string; time: number; signature: string }) {
    const { sender, receiver, time, signature } = head;
    const origin: JsonObject = { sender, receiver, time, signature };
    const layouts: Record<ReceiptLayout, JsonObject> = {
      everywhere: { text, origin, envelope: origin, sender, receiver, signature },
      origin: { text, origin },
      envelope: { text, envelope: origin },
    };
    return createReceipt(text, undefined, { extra: layouts[this.#receipts] });
  }
}
