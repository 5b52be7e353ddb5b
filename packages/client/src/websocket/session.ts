import type { DimpError } from '@dimp/crypto';
import type { ReliableMessage } from '@dimp/dkd';
import { equalID } from '@dimp/mkm';
import { type HandshakeCommand, HandshakeState, handshakeState, type Missing } from '@dimp/sdk';
import type { Arrivals } from './arrivals.js';
import { atMost } from './at-most.js';
import { type ConnectionState, readUploadGrant } from './connection-state.js';
import type { Departures } from './departures.js';
import { asDimpError, endedBy, explainAnswer, notConnected } from './errors.js';
import { expectationOf } from './expectation.js';
import { type PackageMark, readMark } from './frames.js';
import { Inlet } from './inlet.js';
import { Link } from './link.js';
import type { Settings } from './options.js';
import { isReceiptFor, refusalOf } from './refusal.js';
import { type SocketEnd, tooBigCode } from './socket/socket.js';
import type { Opened, StationPeer } from './station-peer.js';

/** What a session works with. */
export interface SessionParts {
  readonly peer: StationPeer;
  readonly settings: Settings;
  readonly departures: Departures;
  readonly arrivals: Arrivals;
  tell(state: ConnectionState): void;
}

/** How a session ended. */
export interface SessionEnd {
  readonly error: DimpError;
  /** How long it had been ready; 0 when it never was. */
  readonly readySeconds: number;
}

/** A station that asks more often for the session key will not take it. */
const maxQuestions = 4;

/** One connection to a station from its beginning to its end: handshake, login, and what goes and comes by it. */
export class Session {
  /** Resolves when it has ended, however. */
  readonly ended: Promise<SessionEnd>;
  readonly #parts: SessionParts;
  #end: (end: SessionEnd) => void = () => undefined;
  #link: Link | undefined;
  /** `hello`: nobody has proved anything yet. `again`: the station wants the handshake once more. */
  #phase: 'hello' | 'again' | 'ready' | 'over' = 'hello';
  #readySince: number | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #questions = 0;
  /** Our own packages, as receipts name them. */
  readonly #own: PackageMark[] = [];
  #session: string | undefined;
  readonly #inlet: Inlet;
  /** Why we ended it. */
  #error: DimpError | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#session = parts.peer.session;
    this.ended = new Promise(resolve => {
      this.#end = resolve;
    });
    this.#inlet = new Inlet({
      arrivals: parts.arrivals,
      mayConcern: mark => this.#mayConcern(mark),
      consume: data => this.#take(data),
      acknowledge: mark => this.#link?.acknowledge(mark),
      pause: () => this.#link?.pause(),
      resume: () => this.#link?.resume(),
    });
    this.#expectSuccess();
    parts.tell({ kind: 'connecting', url: parts.peer.url });
    void this.#attempt(async () => {
      await parts.peer.prepare();
      if (this.#phase !== 'over') this.#connect();
    });
  }

  /** Waits for what is under way, as long as may be waited, and says goodbye. */
  async close(): Promise<void> {
    const { departures, arrivals, settings } = this.#parts;
    if (this.#phase === 'ready') {
      const work = Promise.all([departures.idle(), this.#inlet.idle(), arrivals.idle()]);
      await atMost(settings.closeSeconds, Promise.race([work, this.ended]));
    }
    this.#error ??= notConnected('it was closed.');
    if (this.#link === undefined) this.#finish(this.#error);
    else this.#link.close();
    await this.ended;
  }

  /** Asks the station, when it is ready; the answer comes in as any other package. */
  async ask({ what, id }: Missing): Promise<void> {
    if (what === 'members' || this.#phase !== 'ready') return;
    this.#say(await this.#parts.peer.question(what, id));
  }

  #connect(): void {
    const { peer, departures, settings, tell } = this.#parts;
    const { url } = peer;
    this.#link = new Link(
      { url, heartbeatSeconds: settings.heartbeatSeconds },
      {
        opened: () => {
          tell({ kind: 'handshaking', url });
          void this.#attempt(async () => this.#say(await peer.hello()));
        },
        package: data => this.#inlet.arrive(data),
        acknowledged: signature => departures.acknowledged(signature),
        closed: end => this.#closed(end),
      },
    );
  }

  /** Ends the session when something goes wrong that it cannot do without. */
  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#fail(asDimpError(error));
    }
  }

  #fail(error: DimpError): void {
    if (this.#phase === 'over') return;
    this.#error ??= error;
    if (this.#link === undefined) this.#finish(this.#error);
    else this.#link.terminate(error.message);
  }

  #closed({ code, reason }: SocketEnd): void {
    if (code === tooBigCode) this.#parts.departures.refuseLargest();
    this.#finish(this.#error ?? notConnected(reason));
  }

  #finish(error: DimpError): void {
    const { peer, departures } = this.#parts;
    if (this.#phase === 'over') return;
    clearTimeout(this.#deadline);
    // whoever sits there now may know nothing of it
    if (this.#readySince === undefined) peer.session = undefined;
    this.#phase = 'over';
    departures.lose(() => endedBy(error));
    const since = this.#readySince;
    const readySeconds = since === undefined ? 0 : (performance.now() - since) / 1000;
    this.#end({ error, readySeconds });
  }

  #expectSuccess(): void {
    const { handshakeSeconds } = this.#parts.settings;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      this.#fail(notConnected(`no handshake within ${handshakeSeconds} seconds.`));
    }, handshakeSeconds * 1000);
  }

  /** Sends a package of our own. */
  #say(data: Uint8Array): void {
    const mark = readMark(data);
    if (mark !== undefined) this.#own.push(mark);
    this.#link?.send(data);
  }

  /** Whether a package may be about the connection: until the station is known, any. */
  #mayConcern({ sender }: PackageMark): boolean {
    const { peer } = this.#parts;
    const id = peer.parseID(sender);
    return id !== undefined && (this.#phase === 'hello' || id.key === peer.id?.key);
  }

  async #take(data: Uint8Array): Promise<boolean> {
    if (this.#phase === 'over') return false;
    try {
      const opened = await this.#open(data);
      return opened !== undefined && (await this.#consume(opened));
    } catch (error) {
      this.#fail(asDimpError(error));
      return false;
    }
  }

  /** Undefined when it is not for us to open, or not to be opened, which whoever processes it will tell. */
  async #open(data: Uint8Array): Promise<Opened | undefined> {
    const { peer } = this.#parts;
    let message: ReliableMessage | undefined;
    try {
      message = peer.parse(data);
      return await peer.open(message);
    } catch (error) {
      if (message !== undefined) this.#explain(message, asDimpError(error));
      return undefined;
    }
  }

  /** An answer that cannot be trusted or read, where only the station speaks, is the end. */
  #explain({ envelope: { sender } }: ReliableMessage, error: DimpError): void {
    const { peer } = this.#parts;
    if (this.#phase !== 'hello' || (peer.id !== undefined && !equalID(sender, peer.id))) return;
    throw explainAnswer(peer.url, sender.text, error);
  }

  /** Whether a content was about the connection, and has been dealt with. */
  async #consume({ sender, content }: Opened): Promise<boolean> {
    const { peer, departures } = this.#parts;
    if (content.kind === 'handshake-command' && this.#phase === 'hello') peer.recognise(sender);
    if (peer.id === undefined || !equalID(sender, peer.id)) return false;
    if (content.kind === 'handshake-command') {
      await this.#shake(content);
      return true;
    }
    if (content.kind !== 'receipt-command') return false;
    if (!this.#own.some(mark => isReceiptFor(content, mark))) return departures.answered(content);
    const refusal = refusalOf(content);
    if (refusal !== undefined && this.#phase !== 'ready') throw refusal;
    return true;
  }

  async #shake(command: HandshakeCommand): Promise<void> {
    const { peer, departures, tell } = this.#parts;
    const state = handshakeState(command);
    if (state === HandshakeState.again && command.session !== undefined) {
      if (++this.#questions > maxQuestions)
        throw notConnected('the station asks for the session again and again.');
      if (this.#phase === 'ready') {
        this.#phase = 'again';
        departures.hold();
        this.#expectSuccess();
        tell({ kind: 'handshaking', url: peer.url });
      }
      this.#session = command.session;
      this.#say(await peer.proof(command.session));
    } else if (state === HandshakeState.success && this.#phase !== 'ready') {
      await this.#succeed(command);
    }
  }

  async #succeed({ session, extra }: HandshakeCommand): Promise<void> {
    const { peer, departures, tell } = this.#parts;
    const { id: station } = peer;
    clearTimeout(this.#deadline);
    peer.session = session ?? this.#session;
    this.#questions = 0;
    if (this.#readySince === undefined) this.#say(await peer.login());
    if (this.#phase === 'over' || station === undefined) return;
    this.#phase = 'ready';
    this.#readySince ??= performance.now();
    const isAcknowledged = extra['ack'] === true;
    departures.open({
      expects: ({ receiver }) => expectationOf(peer.parseID(receiver), { id: station, isAcknowledged }),
      send: (data, left) => this.#link?.send(data, left),
    });
    const upload = readUploadGrant(extra['upload']);
    tell({ kind: 'ready', url: peer.url, station, isAcknowledged, ...(upload && { upload }) });
  }
}
