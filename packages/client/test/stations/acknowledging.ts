// A station as this project's own one behaves on the wire: it asks for ACKs and gives them.
import type { JsonObject } from '@dimp/crypto';
import type { ID } from '@dimp/mkm';
import { createHandshake, createReceipt } from '@dimp/sdk';
import { bare, type Clerk, isAnyStation } from './clerk.js';
import { opcodes, type RawPeer, RawServer } from './raw-socket.js';

/** What the refusal of a message says. */
export interface ScriptedRefusal {
  readonly text: string;
  readonly code: string;
  readonly retryAfter?: number;
}

/** How it deviates from what it usually does. */
export interface AcknowledgingOptions {
  /** Members of `DIM!` beside its usual ones. */
  readonly success?: JsonObject;
  /** Refuses a message; undefined for one that is taken. */
  readonly refuse?: (head: JsonObject) => ScriptedRefusal | undefined;
  /** Whether packages are acknowledged at once; they wait for `acknowledgeAll` else. */
  readonly isPrompt?: boolean;
}

/** Keeps what it has for a user until it is acknowledged, and resumes sessions by their key. */
export class AcknowledgingStation {
  readonly clerk: Clerk;
  readonly server: RawServer;
  readonly online: Map<string, Set<RawPeer>> = new Map();
  readonly stored: Map<string, Uint8Array[]> = new Map();
  readonly heard: string[] = [];
  readonly acknowledged: string[] = [];
  /** Signatures of the packages that it was sent for others, in order. */
  readonly received: string[] = [];
  /** Terminals of those who logged in. */
  readonly devices: string[] = [];
  readonly #options: AcknowledgingOptions;
  readonly #keys = new Map<RawPeer, string>();
  readonly #known = new Map<string, string>();
  readonly #late: (() => void)[] = [];
  #tail: Promise<void> = Promise.resolve();

  constructor(clerk: Clerk, options: AcknowledgingOptions = {}) {
    this.clerk = clerk;
    this.#options = options;
    this.server = new RawServer({
      opened: peer => void this.#keys.set(peer, `${this.#keys.size + 1}`.padStart(64, 'f')),
      frame: ({ opcode, payload }, peer) => this.#frame(opcode, payload, peer),
      closed: peer => {
        for (const peers of this.online.values()) peers.delete(peer);
      },
    });
  }

  get url(): string {
    return this.server.url;
  }

  /** Gives the acknowledgements that it has kept back. */
  acknowledgeAll(): void {
    for (const acknowledge of this.#late.splice(0)) acknowledge();
  }

  #frame(opcode: number, payload: Buffer, peer: RawPeer): void {
    if (opcode === opcodes.ping) peer.frame(opcodes.pong, payload);
    if (opcode === opcodes.close) {
      peer.frame(opcodes.close, payload);
      peer.socket.end();
    }
    if (opcode !== opcodes.text && opcode !== opcodes.binary) return;
    const text = payload.toString();
    if (text === 'PING') peer.text('PONG');
    if (text.startsWith('ACK:')) this.#noteAck(JSON.parse(text.slice(4)).signature);
    if (text.startsWith('{')) this.#tail = this.#tail.then(() => this.#process(payload, peer));
  }

  #noteAck(signature: string): void {
    this.acknowledged.push(signature);
    for (const [user, packages] of this.stored) {
      const rest = packages.filter(data => JSON.parse(Buffer.from(data).toString()).signature !== signature);
      this.stored.set(user, rest);
    }
  }

  async #process(data: Buffer, peer: RawPeer): Promise<void> {
    const head = JSON.parse(data.toString());
    const { time, signature } = head;
    const acknowledge = (): void => peer.text(`ACK:${JSON.stringify({ time, signature })}`);
    const id = this.clerk.facebook.parseID(head.receiver);
    if (id.key === this.clerk.id.key || isAnyStation(id) || head.receiver === 'everyone@everywhere') {
      await this.#own(data, peer);
      acknowledge();
      return;
    }
    const refusal = this.#options.refuse?.(head);
    if (refusal !== undefined) {
      const { text, code, retryAfter } = refusal;
      const extra = { code, signature, ...(retryAfter !== undefined && { retry_after: retryAfter }) };
      const sender = bare(this.clerk.facebook.parseID(head.sender));
      peer.text(await this.clerk.seal(createReceipt(text, undefined, { extra }), sender));
      return;
    }
    this.received.push(signature);
    this.stored.set(id.key, [...(this.stored.get(id.key) ?? []), data]);
    for (const other of this.online.get(id.key) ?? []) other.text(data);
    if (this.#options.isPrompt === false) this.#late.push(acknowledge);
    else acknowledge();
  }

  async #own(data: Buffer, peer: RawPeer): Promise<void> {
    const { content, message } = await this.clerk.open(data);
    const { sender, receiver } = message.envelope;
    const user = bare(sender);
    if (content.kind !== 'handshake-command') {
      this.heard.push(content.kind);
      return;
    }
    this.heard.push(content.session === undefined ? 'hello' : 'proof');
    const key = this.#keys.get(peer) ?? '';
    const given = content.session ?? '';
    if (given !== key && this.#known.get(given) !== user.key) {
      const question = createHandshake('again', key);
      peer.text(await this.clerk.seal(question, user, { introduces: isAnyStation(receiver) }));
      return;
    }
    this.devices.push(sender.terminal);
    await this.#welcome(user, key, content.extra['ack'] === true, peer);
  }

  async #welcome(user: ID, key: string, ack: boolean, peer: RawPeer): Promise<void> {
    this.#known.set(key, user.key);
    const extra = { ...(ack && { ack }), ...this.#options.success };
    peer.text(await this.clerk.seal(createHandshake('success', key, { extra }), user));
    this.online.set(user.key, (this.online.get(user.key) ?? new Set()).add(peer));
    for (const data of this.stored.get(user.key) ?? []) peer.text(data);
  }
}
