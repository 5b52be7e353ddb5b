import type { Duplex } from 'node:stream';
import type { LoadUser } from './load-users.js';
import { messageTime, type People, type Signed } from './people.js';

/** What is sent, and how. */
export interface RunJob {
  /** Each run that is to send the same to others has another number, below that of the users. */
  readonly number: number;
  readonly messages: number;
  /** How many a second, evenly; when absent as fast as they arrive, `window` under way. */
  readonly rate?: number;
  readonly window: number;
  /** Whether the senders are to get an answer to each. */
  readonly answers: boolean;
}

/** What a run has shown. */
export interface RunResult {
  readonly seconds: number;
  /** Milliseconds from when a message was to be sent until it arrived. */
  readonly latency: { readonly p50: number; readonly p99: number };
}

/** One message on its way. */
interface Flight {
  readonly from: LoadUser;
  readonly to: LoadUser;
  readonly payload: Buffer;
  readonly ack: string;
  due: number;
}

/**
 * Sends messages among users and waits until all have arrived. Who gets one acknowledges it. Every user sends and
 * receives.
 */
export class LoadRun {
  readonly result: Promise<RunResult>;
  readonly #flights: readonly Flight[];
  readonly #job: RunJob;
  readonly #bySignature = new Map<string, Flight>();
  readonly #latencies: number[] = [];
  readonly #corked = new Set<Duplex>();
  readonly #stops: (() => void)[] = [];
  #sent = 0;
  #answers = 0;
  #begun = 0;
  #done: (result: RunResult) => void = () => {};

  constructor({ signed }: People, users: readonly LoadUser[], job: RunJob) {
    this.#job = job;
    this.#flights = signed.slice(0, job.messages).map((message, index) => {
      const flight = createFlight(message, index, users, job.number);
      this.#bySignature.set(message.signature, flight);
      return flight;
    });
    for (const user of users) this.#listen(user);
    this.result = new Promise(resolve => {
      this.#done = resolve;
    });
    this.#begun = performance.now();
    if (job.rate === undefined) for (let count = 0; count < job.window; count++) this.#send(this.#begun);
    else this.#sendDue(job.rate);
  }

  #listen(user: LoadUser): void {
    const onMessage = (payload: Buffer): void => this.#arrived(payload, user);
    user.socket.on('message', onMessage);
    this.#stops.push(() => user.socket.off('message', onMessage));
  }

  #arrived(payload: Buffer, user: LoadUser): void {
    const flight = payload[0] === brace ? this.#flightOf(payload) : undefined;
    // what is no message of this run is an answer to one
    if (flight === undefined || flight.to !== user) {
      this.#answers++;
      this.#endIfDone();
      return;
    }
    const now = performance.now();
    this.#latencies.push(now - flight.due);
    this.#write(user, flight.ack);
    if (this.#job.rate === undefined) this.#send(now);
    this.#endIfDone();
  }

  #flightOf(payload: Buffer): Flight | undefined {
    const start = payload.indexOf(signatureName) + signatureName.length;
    return this.#bySignature.get(payload.toString('latin1', start, start + signatureLetters));
  }

  #send(due: number): void {
    const flight = this.#flights[this.#sent];
    if (flight === undefined) return;
    this.#sent++;
    flight.due = due;
    this.#write(flight.from, flight.payload);
  }

  /** All that are due; on and on, until all are sent. */
  #sendDue(rate: number): void {
    const due = ((performance.now() - this.#begun) / 1000) * rate;
    while (this.#sent < this.#flights.length && this.#sent < due)
      this.#send(this.#begun + (this.#sent * 1000) / rate);
    if (this.#sent < this.#flights.length) setTimeout(() => this.#sendDue(rate), 1);
  }

  /** What is written in one turn leaves together, or most of the time would go to calls of the system. */
  #write({ socket }: LoadUser, data: Buffer | string): void {
    const stream = (socket as unknown as { readonly _socket: Duplex })._socket;
    if (!this.#corked.has(stream)) {
      stream.cork();
      if (this.#corked.size === 0) setImmediate(() => this.#uncork());
      this.#corked.add(stream);
    }
    socket.send(data, { binary: false });
  }

  #uncork(): void {
    for (const stream of this.#corked) stream.uncork();
    this.#corked.clear();
  }

  #endIfDone(): void {
    const { messages, answers } = this.#job;
    if (this.#latencies.length < messages || (answers && this.#answers < messages)) return;
    const seconds = (performance.now() - this.#begun) / 1000;
    for (const stop of this.#stops) stop();
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
    this.#done({ seconds, latency: { p50: at(0.5), p99: at(0.99) } });
  }
}

const brace = 0x7b;
const signatureName = '"signature":"';
/** Of RSA-1024, in base64. */
const signatureLetters = 172;

function createFlight(
  { sender, signature, members }: Signed,
  index: number,
  users: readonly LoadUser[],
  number: number,
): Flight {
  // another receiver for each message of a sender, and for the same message in each run
  const shift = (Math.floor(index / users.length) + number) % (users.length - 1);
  const place = (sender + 1 + shift) % users.length;
  const [from, to] = [users[sender], users[place]] as [LoadUser, LoadUser];
  const payload = Buffer.from(`{"sender":"${from.id}","receiver":"${to.id}",${members}`);
  return { from, to, payload, ack: `ACK:{"time":${messageTime},"signature":"${signature}"}`, due: 0 };
}
