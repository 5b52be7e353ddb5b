import { formatPackage, MemoryKeyStore, parsePackage, Transceiver } from '@dimp/core';
import type { JsonObject } from '@dimp/crypto';
import { type Content, createInstantMessage, formatContent, type ReliableMessage } from '@dimp/dkd';
import { createID, formatMeta, formatProfile, type ID, NetworkType, parseProfile } from '@dimp/mkm';
import { Facebook, registerUser } from '@dimp/sdk';
import { keyOf, protocol } from '../kit.js';

/** What a clerk has read: a message for the station, and who sent it. */
export interface Opened {
  readonly message: ReliableMessage;
  readonly content: Content;
  /** The content's members as they stand on the wire. */
  readonly json: JsonObject;
}

/** How an answer goes out. */
export interface SealOptions {
  /** Whether the station's meta and profile come along, as in the first answer of generation 2. */
  readonly introduces?: boolean;
}

/** Reads and writes what a station says with its own keys. Station contents in scripts are made by it. */
export class Clerk {
  readonly facebook: Facebook;
  readonly id: ID;
  readonly #transceiver: Transceiver;

  private constructor(facebook: Facebook, id: ID) {
    this.facebook = facebook;
    this.id = id;
    this.#transceiver = new Transceiver({
      barrack: facebook.barrack,
      keyStore: new MemoryKeyStore(),
      clock: facebook.clock,
      bind: false,
    });
  }

  /** A new station. */
  static async create(name: string, options: { readonly profile?: JsonObject } = {}): Promise<Clerk> {
    const facebook = new Facebook({ protocol });
    const { id } = await registerUser(facebook, {
      name,
      network: NetworkType.station,
      privateKey: await keyOf(name),
      profileKey: false,
      ...options,
    });
    return new Clerk(facebook, id);
  }

  /** Reads a package that may be for the station; the signature is checked, and what came along is kept. */
  async open(data: Uint8Array): Promise<Opened> {
    const message = parsePackage(data, protocol);
    const { message: secure } = await this.#transceiver.verify(message);
    const { sender } = message.envelope;
    const visa = message.extra['visa'];
    if (visa !== undefined) await this.facebook.saveProfile(parseProfile(visa, protocol), sender);
    const { message: instant } = await this.#transceiver.decrypt(secure, this.id);
    return { message, content: instant.content, json: formatContent(instant.content, protocol) };
  }

  /** A content for somebody, signed by the station and encrypted for him. */
  async seal(content: Content, receiver: ID, options: SealOptions = {}): Promise<Uint8Array> {
    const time = this.facebook.clock();
    const instant = createInstantMessage({ sender: this.id, receiver, time }, content);
    const { message } = await this.#transceiver.encrypt(instant);
    if (options.introduces !== true) return formatPackage(await this.#transceiver.sign(message));
    const [meta, profile] = [await this.facebook.loadMeta(this.id), await this.facebook.loadProfile(this.id)];
    const visa = profile && { ...formatProfile(profile, { generation: 'both' }), type: 'visa' };
    const introduced = { ...message, ...(meta && { meta: formatMeta(meta) }), extra: visa ? { visa } : {} };
    return formatPackage(await this.#transceiver.sign(introduced));
  }
}

/** `station@anywhere`. */
export function isAnyStation(id: ID): boolean {
  return id.text === 'station@anywhere';
}

/** The ID without terminal. */
export function bare(id: ID): ID {
  return createID({ name: id.name || undefined, address: id.address });
}
