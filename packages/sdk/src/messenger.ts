import { formatPackage, MemoryKeyStore, parsePackage, Transceiver } from '@dimp/core';
import { UsageError } from '@dimp/crypto';
import {
  type Content,
  createInstantMessage,
  createProfileCommand,
  type InstantMessage,
  isCommand,
  type ReliableMessage,
} from '@dimp/dkd';
import { type ID, isBroadcastID, isGroupID } from '@dimp/mkm';
import { checkContent, checkGiven, checkID, checkMessengerOptions, checkPackage } from './check-arguments.js';
import { createWorks } from './create-works.js';
import type { Facebook } from './default-facebook.js';
import { defaultProcessors } from './default-processors.js';
import { Dispatch } from './dispatch.js';
import { Emitter } from './emitter.js';
import { closedError } from './errors.js';
import { type MessengerEvents, messengerEvents } from './events.js';
import { followTransport } from './follow-transport.js';
import type { PackedMessage } from './message-sender.js';
import type { BareMessengerOptions, SendOptions } from './messenger-options.js';
import { followFacebook, tellAccepted } from './news.js';
import { Outgoing } from './outgoing.js';
import type { Processed, ReceivedContent } from './processor.js';
import type { Received, Sent } from './received.js';
import { Reception } from './reception.js';
import { restore, resume } from './restore.js';
import { Suspensions } from './suspensions.js';
import type { Works } from './work.js';

/**
 * Sends contents and receives packages: the place where an application begins.
 *
 * Packages are processed one after the other, in the order in which they are handed in. With a store, what one of them
 * changes is saved as one, and nothing is told of it before it is on disk; the next one is processed meanwhile.
 */
export class BareMessenger {
  readonly facebook: Facebook;
  readonly transceiver: Transceiver;
  readonly #clock: () => number;
  readonly #events = new Emitter<MessengerEvents>(messengerEvents);
  readonly #works: Works;
  readonly #suspensions: Suspensions;
  readonly #outgoing: Outgoing;
  readonly #dispatch: Dispatch;
  readonly #reception: Reception;
  readonly #stops: (() => void)[] = [];
  #isClosed = false;
  readonly #resume: () => Promise<void>;
  /** Resolves when what an earlier run left is back in its place. */
  readonly #restored: Promise<void>;

  /** @throws {TypeError} something else than options with a Facebook */
  constructor(options: BareMessengerOptions) {
    checkMessengerOptions(options);
    checkGiven(
      options.facebook,
      'options.facebook',
      'Messenger of @dimp/sdk has a default, this one has none',
    );
    const { facebook, store } = options;
    const keyStore = options.keyStore ?? store?.keyStore ?? new MemoryKeyStore();
    this.facebook = facebook;
    this.#clock = options.clock ?? facebook.clock;
    this.transceiver = new Transceiver({
      barrack: facebook.barrack,
      keyStore,
      clock: this.#clock,
      ...(options.attachments && { attachments: options.attachments }),
      ...(options.bind !== undefined && { bind: options.bind }),
    });
    this.#works = createWorks({
      options,
      facebook,
      transceiver: this.transceiver,
      keyStore,
      clock: this.#clock,
    });
    const base = { works: this.#works, facebook, events: this.#events, options, clock: this.#clock };
    this.#suspensions = new Suspensions(base);
    this.#works.onArrived = thing => this.#suspensions.arrived(thing);
    this.#outgoing = new Outgoing({ facebook, keyStore, options });
    const parts = { ...base, outgoing: this.#outgoing, suspensions: this.#suspensions };
    this.#dispatch = new Dispatch(parts);
    this.#reception = new Reception({
      ...parts,
      dispatch: this.#dispatch,
      processors: options.processors ?? defaultProcessors(),
      save: async (message, labels) => (await options.saveMessage?.(message, labels)) ?? true,
      tell: accepted => tellAccepted(accepted, parts),
    });
    const restoring = { ...parts, dispatch: this.#dispatch, reception: this.#reception };
    this.#resume = () => resume(restoring);
    this.#restored = restore(restoring);
    this.#stops.push(...followFacebook(parts));
    const following = { facebook, reception: this.#reception, resume: () => this.resume() };
    this.#stops.push(...followTransport(options.transport, following));
  }

  /**
   * Calls the listener whenever this happens, until the function that comes back is called.
   * @throws {TypeError} a name of nothing that happens
   */
  on<Name extends keyof MessengerEvents>(
    name: Name,
    listener: (event: MessengerEvents[Name]) => void,
  ): () => void {
    return this.#events.on(name, listener);
  }

  /** The next time this happens. @throws what the signal was aborted with @throws {TypeError} as `on` */
  once<Name extends keyof MessengerEvents>(
    name: Name,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<MessengerEvents[Name]> {
    return this.#events.once(name, options);
  }

  /** How many messages wait for something. */
  get waiting(): number {
    return this.#suspensions.size;
  }

  /**
   * Sends a content to a user, a group or everybody. One to a group says so in the content too, where it is
   * signed; commands do not. Commands about a group go to its members, see `GroupManager`.
   * @throws {UsageError} without transport or local user, or after `close()`; and whatever `signal` was aborted with
   * @throws {TypeError} something else than a content and an ID
   */
  async sendContent(content: Content, receiver: ID, options: SendOptions = {}): Promise<Sent> {
    return this.sendMessage(await this.#instant(content, receiver, options), options);
  }

  /** As `sendContent`, but gives the package back instead of sending it. Throws as `packMessage`. */
  async packContent(content: Content, receiver: ID, options: SendOptions = {}): Promise<Uint8Array> {
    const { message } = await this.pack(await this.#instant(content, receiver, options), options);
    return formatPackage(message);
  }

  /**
   * Sends a local user's profile, with his meta, so that the receiver knows names and keys.
   * @throws {UsageError} without profile; and as `sendContent`
   */
  async sendProfile(receiver: ID, options: SendOptions = {}): Promise<Sent> {
    checkID(receiver, 'receiver');
    const user = options.sender ?? (await this.facebook.currentUser()).id;
    const profile = await this.facebook.loadProfile(user);
    if (profile === undefined)
      throw new UsageError(`${user.text} has no profile; make one with updateProfile().`);
    const command = createProfileCommand(user, profile, await this.facebook.loadMeta(user));
    return this.sendContent(command, receiver, options);
  }

  /**
   * Sends a message. What is missing of the receiver lets it wait; it goes out by itself when that comes, and
   * `resumed` or `rejected` tells. With an outbox it goes out behind those before it, and stays there while the
   * transport does not work; `message-state` tells when it went. Throws as `sendContent`.
   */
  async sendMessage(instant: InstantMessage, options: SendOptions = {}): Promise<Sent> {
    // a messenger without transport is a mistake and no outcome
    void this.#outgoing.transport;
    this.#checkOpen();
    await this.#restored;
    return this.#dispatch.send({ message: instant, options });
  }

  /** Encrypts and signs a message without sending it. Throws as `packMessage`. */
  async pack(instant: InstantMessage, options: SendOptions = {}): Promise<PackedMessage> {
    const work = await this.#works.begin();
    try {
      const packed = await this.#outgoing.pack(instant, options, work);
      const { saved } = await work.end();
      await saved;
      return packed;
    } catch (error) {
      await work.abandon();
      throw error;
    }
  }

  /**
   * Sends a message that is signed already, as it is.
   * @throws {UsageError} without transport, or after `close()`
   * @throws {TransportError}
   */
  async forwardMessage(
    message: ReliableMessage,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    this.#checkOpen();
    await this.#outgoing.deliver(message, options.signal);
  }

  /**
   * Processes a package that came in, and tells what became of it. Never throws for what is in the package.
   * The replies are for the caller to send; those of packages that come by the transport are sent by themselves.
   * @param options `as`: the local user it is offered to, when it is not to be chosen by its receiver
   */
  async processPackage(data: Uint8Array | string, options: { readonly as?: ID } = {}): Promise<Received> {
    checkPackage(data);
    const { protocol } = this.facebook;
    return this.#reception.take(() => parsePackage(data, protocol), { ...options, depth: 0 });
  }

  /** As `processPackage`, for a message that was read already. */
  async processMessage(message: ReliableMessage, options: { readonly as?: ID } = {}): Promise<Received> {
    return this.#reception.take(() => message, { ...options, depth: 0 });
  }

  /** Processes a content as if it had come from somebody. @throws {DimpError} when it is refused */
  processContent(content: Content, received: ReceivedContent): Promise<Processed> {
    return this.#reception.processContent(content, received);
  }

  /**
   * Goes on with what could not go on before: packages in the outbox, when the transport works again, and messages on
   * the waiting list that were lost sight of since the store did not work. Resolves when it was tried. A messenger does so
   * by itself when it is made and when the transport is ready; the outbox also goes on after `retryAfter` and with the next
   * message.
   * @throws {UsageError} after `close()`
   */
  async resume(): Promise<void> {
    this.#checkOpen();
    await this.#restored;
    await this.#resume();
  }

  /**
   * Stops taking packages from the transport, waits for those under way, and ends the messages that wait; with a waiting
   * list they wait on in the next run, as the outbox goes on then. Nothing is sent any more.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#stops.splice(0)) stop();
    await this.#restored;
    await this.#reception.idle();
    await this.#dispatch.close();
    this.#suspensions.close();
    await this.#works.idle();
  }

  async #instant(content: Content, receiver: ID, options: SendOptions): Promise<InstantMessage> {
    checkContent(content);
    checkID(receiver, 'receiver');
    if (options.sender !== undefined) checkID(options.sender, 'options.sender');
    const sender = options.sender ?? (await this.facebook.currentUser()).id;
    const named =
      isGroupID(receiver) && !isBroadcastID(receiver) && !isCommand(content) && content.group === undefined
        ? { ...content, group: receiver }
        : content;
    return createInstantMessage({ sender, receiver, time: this.#clock() }, named);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw closedError();
  }
}
