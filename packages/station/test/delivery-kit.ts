import type { ID } from '@dimp/mkm';
import type { Ack, CloseReason, Connection } from '../src/connection.js';
import type { Session } from '../src/session.js';

/** A connection without a network: what is sent waits in it until `leave` is called, or leaves at once. */
export class FakeConnection implements Connection {
  readonly number = 1;
  readonly framing = 'fake';
  readonly remote = { address: '127.0.0.1', port: 1 };
  isOpen = true;
  bufferedBytes = 0;
  readonly sent: string[] = [];
  readonly acks: Ack[] = [];
  closedFor: CloseReason | undefined;
  readonly #isFast: boolean;
  #waiting: { bytes: number; left: ((done: boolean) => void) | undefined }[] = [];

  /** @param isFast what is sent leaves by itself, in a while */
  constructor(isFast = true) {
    this.#isFast = isFast;
  }

  send(data: Uint8Array, left?: (done: boolean) => void): void {
    this.sent.push(Buffer.from(data).toString());
    this.bufferedBytes += data.length;
    this.#waiting.push({ bytes: data.length, left });
    if (this.#isFast) setImmediate(() => this.leave(1));
  }

  /** What waits goes to the network. */
  leave(count: number = Number.POSITIVE_INFINITY): void {
    for (const { bytes, left } of this.#waiting.splice(0, count)) {
      this.bufferedBytes -= bytes;
      left?.(true);
    }
  }

  sendAck(ack: Ack): void {
    this.acks.push(ack);
  }

  close(reason: CloseReason): void {
    this.closedFor ??= reason;
    this.cut();
  }

  /** The other end is gone. */
  cut(): void {
    this.isOpen = false;
    for (const { left } of this.#waiting.splice(0)) left?.(false);
  }
}

export interface FakeSession extends Session {
  readonly connection: FakeConnection;
  isPaused: boolean;
  acknowledges: boolean;
}

export function fakeSession(user: ID | undefined, options: Partial<FakeSession> = {}): FakeSession {
  return {
    connection: new FakeConnection(),
    key: 'key',
    user,
    device: '',
    isNeighbour: false,
    wantsAcks: false,
    acknowledges: false,
    isPaused: false,
    ...options,
  };
}

/** The package of a text, with a signature of its own. */
export function packageOf(text: string): string {
  return JSON.stringify({ data: text, signature: signatureOf(text) });
}

export function signatureOf(text: string): string {
  return Buffer.from(`signature of ${text}`).toString('base64');
}

/** The texts of packages that were sent. */
export function textsOf(connection: FakeConnection): string[] {
  return connection.sent.map(sent => (JSON.parse(sent) as { data: string }).data);
}

/** Resolves when everything that is going on by itself has come to rest. */
export async function rest(): Promise<void> {
  for (let i = 0; i < 30; i++) await new Promise(setImmediate);
}
