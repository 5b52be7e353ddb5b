import { equalBytes, type JsonObject } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { equalID, type ID } from '@dimp/mkm';
import { createHandshake, type HandshakeCommand, HandshakeState, handshakeState } from '@dimp/sdk';
import { type ClientSession, generateSessionKey } from './client-session.js';
import type { StationLog } from './log.js';
import type { Metrics } from './metrics.js';
import type { StationLimits } from './options.js';
import type { MessageRelay } from './relay.js';
import type { Roster } from './roster.js';
import type { SessionDirectory } from './session.js';
import { UsedKeys } from './used-keys.js';
import type { UserDirectory } from './user-directory.js';
import type { Voice } from './voice.js';

/** What handshakes work with. */
export interface HandshakeParts {
  readonly voice: Voice;
  readonly roster: Roster;
  readonly sessions: SessionDirectory;
  readonly users: Pick<UserDirectory, 'isBanned' | 'add'>;
  readonly relay: Pick<MessageRelay, 'attach' | 'detach'>;
  readonly limits: Pick<StationLimits, 'connectionsPerUser'>;
  readonly metrics: Metrics;
  /** Whether a user is a neighbour station. */
  isNeighbour(user: ID): boolean;
  /** Where and with what he may upload files; absent where none are hosted. */
  readonly offerUpload?: ((user: ID) => JsonObject) | undefined;
  readonly log?: StationLog | undefined;
}

/** Handshakes of one connection that are answered before one succeeds. Each costs the station two RSA operations. */
const maxAttempts = 16;

/**
 * Logs users in: who gives back the key that was sent to him, encrypted, is the one whose signature he brings.
 *
 * The key of `DIM!` is another one: it alone logs the same user and device in on a new connection, once, for 24 hours. So
 * handshakes that somebody recorded are of no use to him. Of a user's connections above `connectionsPerUser` the
 * oldest is closed, as it is likely to be one whose end nobody noticed.
 * @see transport.md 8
 */
export class Handshakes {
  readonly #parts: HandshakeParts;
  readonly #usedKeys = new UsedKeys();

  constructor(parts: HandshakeParts) {
    this.#parts = parts;
  }

  /** Answers a handshake whose signature has been checked. */
  async answer(command: HandshakeCommand, sender: ID, session: ClientSession): Promise<void> {
    const { voice, users, metrics } = this.#parts;
    metrics.command('handshake');
    if (session.user !== undefined && !equalID(session.user, sender)) {
      await voice.refuse(session, { reason: 'not-your-message' });
      return;
    }
    if (users.isBanned(sender)) {
      await voice.refuse(session, { reason: 'banned' }, undefined, sender);
      session.shutOut('The station serves you no more.');
      return;
    }
    if (command.extra['ack'] === true) session.wantsAcks = session.acknowledges = true;
    const given = handshakeState(command) === HandshakeState.restart ? command.session : undefined;
    if (given !== undefined && this.#fits(given, sender, session)) await this.#succeed(sender, session);
    else await this.ask(sender, session);
  }

  /** "DIM?", with the key to give back; the first time with the station's meta. Closes a connection that asks too often. */
  async ask(to: ID, session: ClientSession): Promise<void> {
    if (session.user === undefined && ++session.attempts > maxAttempts) {
      session.shutOut('Too many handshakes.');
      return;
    }
    const extra = { title: 'DIM?', ...remoteAddress(session) };
    const again = createHandshake('again', session.key, { extra });
    const isFirst = !session.knowsStation;
    session.knowsStation = (await this.#parts.voice.say(again, to, session, isFirst)) || !isFirst;
  }

  /** Ends a session whose connection is gone; its key is good for another one. */
  end(session: ClientSession): void {
    const { user, device, resumeKey } = session;
    if (user === undefined) return;
    const { relay, sessions, roster } = this.#parts;
    relay.detach(session);
    sessions.remove(session);
    roster.leave(session);
    if (resumeKey !== undefined) sessions.remember(resumeKey, { user, device });
  }

  /** Whether a key is the one that was sent by this connection, or one of an earlier connection of the same device. */
  #fits(given: string, sender: ID, session: ClientSession): boolean {
    if (equalKey(given, session.key)) return true;
    if (session.resumeKey !== undefined) return equalKey(given, session.resumeKey);
    const { sessions, roster } = this.#parts;
    const resumable = sessions.resume(given);
    if (resumable === undefined) return false;
    if (!equalID(resumable.user, sender) || resumable.device !== sender.terminal) return false;
    if (!this.#usedKeys.use(given)) return false;
    for (const other of [...roster.of(sender)]) {
      if (other.resumeKey !== given) continue;
      // used up: it must not be remembered again at the end of that connection
      other.resumeKey = undefined;
      other.shutOut('The session goes on with another connection.');
    }
    return true;
  }

  async #succeed(sender: ID, session: ClientSession): Promise<void> {
    const isNew = session.user === undefined;
    if (isNew) await this.#bind(sender, session);
    if (session.isEnded) return;
    const { voice, sessions, relay, metrics, offerUpload } = this.#parts;
    const upload = offerUpload?.(sender);
    const extra: JsonObject = {
      title: 'DIM!',
      ...remoteAddress(session),
      ...(session.wantsAcks && { ack: true }),
      ...(upload && { upload }),
    };
    await voice.say(createHandshake('success', session.resumeKey, { extra }), sender, session);
    // nothing may be pushed before the client knows that it is logged in
    if (!isNew || session.isEnded) return;
    sessions.add(session);
    relay.attach(session);
    metrics.loggedIn();
  }

  async #bind(sender: ID, session: ClientSession): Promise<void> {
    const { roster, users, limits, sessions, isNeighbour, log } = this.#parts;
    roster.enter(session, sender);
    const user = session.user as ID;
    session.isNeighbour = isNeighbour(user);
    session.resumeKey = generateSessionKey();
    sessions.remember(session.resumeKey, { user, device: session.device });
    const all = roster.of(user);
    for (const old of all.slice(0, Math.max(0, all.length - limits.connectionsPerUser))) {
      old.shutOut('Too many connections of one user.');
    }
    log?.logger.debug({ connection: session.connection.number, user: log.nameOf(user) }, 'logged in');
    try {
      await users.add(user);
    } catch (error) {
      // he is served all the same; who searches finds him after another login
      log?.logger.error({ err: error }, 'user not noted');
    }
  }
}

/** In a time that does not tell how much of it is right. */
function equalKey(given: string, key: string): boolean {
  return equalBytes(encodeUtf8(given), encodeUtf8(key));
}

/** As stations of generation 2 say it: where the client comes from. */
function remoteAddress({ connection: { remote } }: ClientSession): JsonObject {
  return { remote_address: [remote.address, remote.port] };
}
