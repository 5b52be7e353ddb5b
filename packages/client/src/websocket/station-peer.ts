import { formatPackage, MemoryKeyStore, parsePackage, Transceiver } from '@dimp/core';
import { DimpError, type JsonObject } from '@dimp/crypto';
import {
  type Content,
  createInstantMessage,
  createMetaCommand,
  createProfileQuery,
  type ReliableMessage,
} from '@dimp/dkd';
import {
  anywhere,
  createID,
  equalID,
  everyone,
  formatMeta,
  formatProfile,
  type ID,
  isBroadcastID,
  parseProfile,
  profileTime,
} from '@dimp/mkm';
import { createHandshake, createLogin, type Facebook } from '@dimp/sdk';
import { StationIdentityError } from './errors.js';
import type { StationAddress } from './options.js';

/** What talking to a station takes. */
export interface StationPeerParts {
  readonly facebook: Facebook;
  readonly user: ID;
  readonly station: StationAddress;
  readonly device?: string | undefined;
  readonly agent?: string | undefined;
}

/** What was in a package. */
export interface Opened {
  readonly sender: ID;
  readonly content: Content;
}

/** Whoever is the station here. */
const anyStation: ID = /* @__PURE__ */ createID({ name: 'station', address: anywhere });

/**
 * The station at one address: who it is, the key of the session with it, and the messages between the two of us. They
 * go through a transceiver of their own, so that no outbox and no conversation knows of them.
 */
export class StationPeer {
  readonly url: string;
  /** The key that resumes the session. */
  session: string | undefined;
  readonly #parts: StationPeerParts;
  readonly #transceiver: Transceiver;
  /** The user, by the name of this device. */
  readonly #sender: ID;
  #id: ID | undefined;

  constructor(parts: StationPeerParts) {
    const { facebook, station, user, device } = parts;
    this.#parts = parts;
    this.url = station.url;
    this.#id = station.id;
    this.#sender =
      device === undefined
        ? user
        : createID({ name: user.name || undefined, address: user.address, terminal: device });
    this.#transceiver = new Transceiver({
      barrack: facebook.barrack,
      keyStore: new MemoryKeyStore(),
      clock: facebook.clock,
    });
  }

  /** Who it is, as told or as learnt. */
  get id(): ID | undefined {
    return this.#id;
  }

  /** Keeps the meta that was given. @throws {StationIdentityError} when it is not the one of the ID */
  async prepare(): Promise<void> {
    const { facebook, station } = this.#parts;
    if (station.meta === undefined || station.id === undefined) return;
    if (await facebook.saveMeta(station.meta, station.id)) return;
    throw new StationIdentityError(this.url, `the meta given does not belong to ${station.id.text}.`);
  }

  /**
   * The first message: of a session that can be resumed, encrypted for the station, else signed and in the clear, for
   * whichever station this is.
   */
  hello(): Promise<Uint8Array> {
    const step = this.session === undefined ? 'start' : 'restart';
    return this.#handshake(step, this.session, true);
  }

  /** The answer to its question. */
  proof(session: string): Promise<Uint8Array> {
    return this.#handshake('restart', session, false);
  }

  /** Tells everybody where the user is. */
  async login(): Promise<Uint8Array> {
    const { facebook, user, device, agent } = this.#parts;
    const { hostname, port, protocol } = new URL(this.url);
    const text = this.#id?.text ?? anyStation.text;
    // both generations' names; a port that the scheme implies is written out
    const station = { ID: text, did: text, host: hostname, port: Number(port || schemePorts[protocol]) };
    const login = createLogin(user, {
      time: facebook.clock(),
      station,
      ...(device !== undefined && { device }),
      ...(agent !== undefined && { agent }),
      extra: { did: user.text },
    });
    return this.#pack(login, everyone, false);
  }

  /** Asks for somebody's meta or profile. */
  question(what: 'meta' | 'profile', id: ID): Promise<Uint8Array> {
    const query = what === 'meta' ? createMetaCommand(id) : createProfileQuery(id);
    return this.#pack(query, this.#id ?? anyStation, false);
  }

  /**
   * Opens a package if it is for us and can be opened, and tells from whom it is for sure.
   * @throws {DimpError} why it cannot
   */
  async open(message: ReliableMessage): Promise<Opened | undefined> {
    const { sender, receiver, group } = message.envelope;
    const { user } = this.#parts;
    if (!equalID(receiver, user) && !isBroadcastID(group ?? receiver)) return undefined;
    const { message: secure } = await this.#transceiver.verify(message);
    await this.#learnProfile(message);
    const { message: instant } = await this.#transceiver.decrypt(secure, user);
    return { sender, content: instant.content };
  }

  /** Reads a package. @throws {ParseError} */
  parse(data: Uint8Array): ReliableMessage {
    return parsePackage(data, this.#parts.facebook.protocol);
  }

  /** The ID of a text from outside; undefined when it is none. */
  parseID(text: string): ID | undefined {
    try {
      return this.#parts.facebook.parseID(text);
    } catch {
      // whoever processes the package says what is wrong with it
      return undefined;
    }
  }

  /** Whoever answers first is the station from now on. @throws {StationIdentityError} when it is somebody else */
  recognise(sender: ID): void {
    this.#id ??= sender;
    if (equalID(sender, this.#id)) return;
    throw new StationIdentityError(this.url, `expected ${this.#id.text}, got an answer of ${sender.text}.`);
  }

  async #handshake(
    step: 'start' | 'restart',
    session: string | undefined,
    attaches: boolean,
  ): Promise<Uint8Array> {
    // `title` is the name of generation 2; `ack` is understood by stations of ours
    const command = createHandshake(step, session, { extra: { title: 'Hello world!', ack: true } });
    const id = step === 'restart' ? await this.#encryptable() : undefined;
    return this.#pack(command, id ?? anyStation, attaches);
  }

  /** The station, if it can be encrypted for: with a key that only signs it gets the session key signed. */
  async #encryptable(): Promise<ID | undefined> {
    const { facebook } = this.#parts;
    const station = this.#id && (await facebook.user(this.#id));
    const profile = await station?.profile();
    const meta = this.#id && (await facebook.loadMeta(this.#id));
    const canEncrypt = meta?.key.encryption !== undefined || profile?.properties['key'] !== undefined;
    return canEncrypt ? this.#id : undefined;
  }

  async #pack(content: Content, receiver: ID, attaches: boolean): Promise<Uint8Array> {
    const { clock } = this.#parts.facebook;
    const instant = createInstantMessage({ sender: this.#sender, receiver, time: clock() }, content);
    const { message } = await this.#transceiver.encrypt(instant);
    const attached = attaches ? await this.#attachments() : {};
    return formatPackage(await this.#transceiver.sign({ ...message, ...attached }));
  }

  /** What a station that does not know the user needs to answer him: his meta, and his profile for the key in it. */
  async #attachments(): Promise<Partial<ReliableMessage>> {
    const { facebook, user } = this.#parts;
    const [meta, profile] = [await facebook.loadMeta(user), await facebook.loadProfile(user)];
    if (meta === undefined) return {};
    if (profile === undefined) return { meta: formatMeta(meta) };
    const visa = { ...formatProfile(profile, { generation: 'both' }), type: 'visa' };
    return { meta: formatMeta(meta), extra: { profile: formatProfile(profile), visa } };
  }

  /**
   * Stations of generation 2 attach theirs, which has the key to encrypt with. The message's signature does not cover it:
   * an old one, with a key that was given up, must not replace a new one.
   */
  async #learnProfile({ envelope: { sender }, extra }: ReliableMessage): Promise<void> {
    const json = extra['visa'] ?? extra['profile'];
    if (json === undefined || json === null) return;
    const { facebook } = this.#parts;
    try {
      const known = await facebook.loadProfile(sender);
      const profile = parseProfile(json, facebook.protocol);
      if (known === undefined || profileTime(profile) > profileTime(known))
        await facebook.saveProfile(profile, sender);
    } catch (error) {
      // it is outside of the message's signature: a bad one takes nothing from the message
      if (!(error instanceof DimpError)) throw error;
    }
  }
}

const schemePorts: JsonObject = { 'ws:': 80, 'wss:': 443 };
