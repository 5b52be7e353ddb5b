import {
  type AttachmentHandler,
  formatPackage,
  type KeyStore,
  MemoryKeyStore,
  type Protection,
  parsePackage,
  Transceiver,
} from '@dimp/core';
import { type DimpError, UsageError } from '@dimp/crypto';
import {
  type Content,
  createInstantMessage,
  createProfileCommand,
  type InstantMessage,
  isCommand,
  type ReliableMessage,
} from '@dimp/dkd';
import { type Awaitable, type ID, isBroadcastID, isGroupID } from '@dimp/mkm';
import { BoundedSet } from './bounded-set.js';
import { defaultProcessors } from './default-processors.js';
import { Emitter } from './emitter.js';
import { TransportError } from './errors.js';
import type { AcceptedContent, MessengerEvents } from './events.js';
import { Facebook } from './facebook.js';
import { Inquiries } from './inquiries.js';
import { type Arrival, isHere, missingOf, type ReceiverParts, receiveMessage } from './message-receiver.js';
import { asDimpError, type PackedMessage, packMessage, splitForMembers } from './message-sender.js';
import {
  type Processed,
  type Processor,
  type ProcessorFactory,
  type ReceivedContent,
  silence,
} from './processor.js';
import type { Received, Sent } from './received.js';
import { MemoryReplayMemory, type ReplayMemory } from './replay-memory.js';
import type { Missing, Resolver } from './resolver.js';
import { Serial } from './serial.js';
import type { Transport } from './transport.js';
import { WaitingRoom, type WaitingRoomOptions } from './waiting-room.js';

/** How a messenger is made. Everything has a default that lives in memory. */
export interface MessengerOptions {
  readonly facebook?: Facebook;
  readonly keyStore?: KeyStore;
  /** The way to others. Without one nothing can be sent; packages are handed in and their replies out. */
  readonly transport?: Transport;
  readonly attachments?: AttachmentHandler;
  /** `defaultProcessors()` when absent. */
  readonly processors?: Iterable<ProcessorFactory>;
  /** Asks for what a message waits for. */
  readonly resolver?: Resolver;
  /** Which messages were accepted before; false for none, so that a repeat is processed again. */
  readonly replay?: ReplayMemory | false;
  readonly waiting?: WaitingRoomOptions;
  /** Whether contents are bound to their envelopes; true when absent. */
  readonly bind?: boolean;
  /** When the sender's meta comes along: to who neither wrote to him nor was sent it (the default), or never. */
  readonly attachMeta?: 'first' | 'never';
  /** Keeps an accepted message. When it says false nothing is answered; the message was accepted all the same. */
  readonly saveMessage?: (message: InstantMessage, labels: Protection) => Awaitable<boolean>;
  /** Seconds since 1970. */
  readonly clock?: () => number;
}

/** What sending may be told. */
export interface SendOptions {
  /** A local user; the current one when absent. */
  readonly sender?: ID;
  /** A group message is split here, one package for each member, instead of by a station. */
  readonly split?: boolean;
  readonly signal?: AbortSignal;
  /** Called with the members done and their number while a group's keys are encrypted. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Sends contents and receives packages: the place where an application begins.
 *
 * Packages are processed one after the other, in the order in which they are handed in.
 */
export class Messenger {
  readonly facebook: Facebook;
  readonly transceiver: Transceiver;
  readonly #options: MessengerOptions;
  readonly #clock: () => number;
  readonly #events = new Emitter<MessengerEvents>();
  readonly #waiting: WaitingRoom;
  readonly #processors = new Map<string, Processor>();
  readonly #parts: ReceiverParts;
  readonly #incoming = new Serial();
  /** Messages that are sent after waiting go one after the other, so that their order holds. */
  readonly #outgoing = new Serial();
  readonly #stops: (() => void)[] = [];
  /** Who has the meta of which local user: he wrote to him, or was sent it. */
  readonly #introduced = new BoundedSet(10_000);
  readonly #inquiries: Inquiries;
  readonly #keyStore: KeyStore;
  /** Keys of groups that lost members are removed here; nothing is packed meanwhile. */
  readonly #removals = new Serial();

  constructor(options: MessengerOptions = {}) {
    const facebook = options.facebook ?? new Facebook();
    this.#options = options;
    this.facebook = facebook;
    this.#clock = options.clock ?? facebook.clock;
    this.#keyStore = options.keyStore ?? new MemoryKeyStore();
    this.#inquiries = new Inquiries(options.resolver, options.waiting?.patience);
    this.transceiver = new Transceiver({
      barrack: facebook.barrack,
      keyStore: this.#keyStore,
      clock: this.#clock,
      ...(options.attachments && { attachments: options.attachments }),
      ...(options.bind !== undefined && { bind: options.bind }),
    });
    this.#waiting = new WaitingRoom(options.waiting);
    this.#parts = this.#receiverParts();
    this.#addProcessors(options.processors ?? defaultProcessors());
    this.#listen();
  }

  /** Calls the listener whenever this happens, until the function that comes back is called. */
  on<Name extends keyof MessengerEvents>(
    name: Name,
    listener: (event: MessengerEvents[Name]) => void,
  ): () => void {
    return this.#events.on(name, listener);
  }

  /** The next time this happens. @throws what the signal was aborted with */
  once<Name extends keyof MessengerEvents>(
    name: Name,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<MessengerEvents[Name]> {
    return this.#events.once(name, options);
  }

  /** How many messages wait for something. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Sends a content to a user, a group or everybody. One to a group says so in the content too, where it is
   * signed; commands do not. Commands about a group go to its members, see `GroupManager`.
   * @throws {UsageError} without transport or local user; and whatever `signal` was aborted with
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
    const user = options.sender ?? (await this.facebook.currentUser()).id;
    const profile = await this.facebook.loadProfile(user);
    if (profile === undefined)
      throw new UsageError(`${user.text} has no profile; make one with updateProfile().`);
    const command = createProfileCommand(user, profile, await this.facebook.loadMeta(user));
    return this.sendContent(command, receiver, options);
  }

  /**
   * Sends a message. What is missing of the receiver lets it wait; it goes out by itself when that comes, and
   * `resumed` or `rejected` tells. Throws as `sendContent`.
   */
  async sendMessage(instant: InstantMessage, options: SendOptions = {}): Promise<Sent> {
    const transport = this.#transport();
    try {
      const packed = await this.pack(instant, options);
      const messages =
        options.split === true
          ? splitForMembers(packed.message, this.facebook, instant.envelope.sender)
          : [packed.message];
      for (const message of messages) {
        options.signal?.throwIfAborted();
        await this.#deliver(message, transport, options.signal);
      }
      this.#noteIntroduction(packed.message);
      for (const member of packed.missing) this.#report(member, instant);
      return { kind: 'sent', messages, missing: packed.missing };
    } catch (error) {
      options.signal?.throwIfAborted();
      const missing = missingOf(error, this.facebook);
      if (missing === undefined) return { kind: 'failed', message: instant, error: asDimpError(error) };
      this.#suspendSending(instant, missing, options);
      return { kind: 'suspended', message: instant, waitingFor: missing.id };
    }
  }

  /** Encrypts and signs a message without sending it. Throws as `packMessage`. */
  async pack(instant: InstantMessage, options: SendOptions = {}): Promise<PackedMessage> {
    const { sender, receiver } = instant.envelope;
    const isNew = !this.#introduced.has(introduction(sender, receiver));
    const attachMeta = this.#options.attachMeta !== 'never' && isNew;
    await this.#removals.idle();
    return packMessage(instant, this.facebook, this.transceiver, {
      attachMeta: attachMeta && !isBroadcastID(receiver),
      ...(options.signal && { signal: options.signal }),
      ...(options.onProgress && { onProgress: options.onProgress }),
    });
  }

  /** Sends a message that is signed already, as it is. @throws {UsageError} without transport @throws {TransportError} */
  async forwardMessage(
    message: ReliableMessage,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    await this.#deliver(message, this.#transport(), options.signal);
  }

  /**
   * Processes a package that came in, and tells what became of it. Never throws for what is in the package.
   * The replies are for the caller to send; those of packages that come by the transport are sent by themselves.
   * @param options `as`: the local user it is offered to, when it is not to be chosen by its receiver
   */
  async processPackage(data: Uint8Array | string, options: { readonly as?: ID } = {}): Promise<Received> {
    return this.#incoming.run(async () => {
      try {
        const message = parsePackage(data, this.facebook.protocol);
        return await this.#receive(message, { ...options, depth: 0 });
      } catch (error) {
        return this.#rejected({ kind: 'rejected', error: asDimpError(error) });
      }
    });
  }

  /** As `processPackage`, for a message that was read already. */
  async processMessage(message: ReliableMessage, options: { readonly as?: ID } = {}): Promise<Received> {
    return this.#incoming.run(() => this.#receive(message, { ...options, depth: 0 }));
  }

  /** Processes a content as if it had come from somebody. @throws {DimpError} when it is refused */
  async processContent(content: Content, received: ReceivedContent): Promise<Processed> {
    const processor = this.#processors.get(content.kind) ?? this.#processors.get('*');
    return processor === undefined ? silence : processor.process(content, received);
  }

  /** Stops taking packages from the transport, waits for those under way, and ends the messages that wait. */
  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await this.#incoming.idle();
    this.#waiting.close();
  }

  async #instant(content: Content, receiver: ID, options: SendOptions): Promise<InstantMessage> {
    const sender = options.sender ?? (await this.facebook.currentUser()).id;
    const named =
      isGroupID(receiver) && !isBroadcastID(receiver) && !isCommand(content) && content.group === undefined
        ? { ...content, group: receiver }
        : content;
    return createInstantMessage({ sender, receiver, time: this.#clock() }, named);
  }

  #addProcessors(factories: Iterable<ProcessorFactory>): void {
    for (const factory of factories) {
      const processor = factory({
        facebook: this.facebook,
        clock: this.#clock,
        send: (content, receiver, sender) => this.#sendBeside(content, receiver, sender),
        receiveForwarded: (message, outer) => this.#receiveForwarded(message, outer),
      });
      for (const kind of processor.kinds) this.#processors.set(kind, processor);
    }
  }

  #listen(): void {
    const { facebook } = this;
    this.#stops.push(
      facebook.on('meta', ({ id }) => this.#arrived({ what: 'meta', id })),
      facebook.on('profile', ({ id, profile }) => {
        this.#arrived({ what: 'profile', id });
        this.#events.emit('profile-changed', { id, profile });
      }),
      facebook.on('members', event => {
        this.#arrived({ what: 'members', id: event.group });
        if (event.removed.length > 0) this.#removeKeys(event.group);
        this.#events.emit('group-changed', event);
      }),
    );
    const { transport } = this.#options;
    if (transport !== undefined) this.#stops.push(transport.subscribe(data => void this.#arrive(data)));
  }

  async #arrive(data: Uint8Array): Promise<void> {
    await this.#sendReplies(await this.processPackage(data));
  }

  async #sendReplies(received: Received): Promise<void> {
    const { transport } = this.#options;
    if (received.kind !== 'accepted' || transport === undefined) return;
    for (const reply of received.replies) {
      try {
        await this.#deliver(reply, transport);
        this.#noteIntroduction(reply);
      } catch (error) {
        this.#events.emit('rejected', { direction: 'out', error: asDimpError(error), message: reply });
      }
    }
  }

  #receiverParts(): ReceiverParts {
    const { replay } = this.#options;
    return {
      facebook: this.facebook,
      transceiver: this.transceiver,
      replay: replay === false ? undefined : (replay ?? new MemoryReplayMemory({ clock: this.#clock })),
      clock: this.#clock,
      process: (content, received) => this.processContent(content, received),
      reply: instant => this.#reply(instant),
      save: async (message, labels) => (await this.#options.saveMessage?.(message, labels)) ?? true,
      tell: accepted => this.#tell(accepted),
      suspend: (message, missing, arrival) => this.#suspendReceived(message, missing, arrival),
    };
  }

  async #receive(message: ReliableMessage, arrival: Arrival): Promise<Received> {
    const received = await receiveMessage(message, arrival, this.#parts);
    if (received.kind === 'duplicate') this.#events.emit('duplicate', { message });
    // of a forward it is the message inside, which was told already
    if (received.kind === 'not-for-us' && received.message === message) {
      this.#events.emit('not-for-us', { message, receiver: received.receiver });
    }
    return this.#rejected(received);
  }

  #rejected(received: Received): Received {
    if (received.kind === 'rejected') {
      const { error, message } = received;
      this.#events.emit('rejected', { direction: 'in', error, ...(message && { message }) });
    }
    return received;
  }

  #receiveForwarded(message: ReliableMessage, outer: ReceivedContent): Promise<Received> {
    const { as, sender, depth } = outer;
    return this.#receive(message, { ...(as && { as }), depth: depth + 1, forwardedBy: sender });
  }

  async #reply(instant: InstantMessage): Promise<ReliableMessage | undefined> {
    try {
      return (await this.pack(instant)).message;
    } catch (error) {
      const missing = missingOf(error, this.facebook);
      if (missing !== undefined && this.#options.transport !== undefined) {
        this.#suspendSending(instant, missing, {});
      } else {
        this.#events.emit('rejected', { direction: 'out', error: asDimpError(error), message: instant });
      }
      return undefined;
    }
  }

  #tell(accepted: AcceptedContent): void {
    const { content, receiver, sender, labels } = accepted;
    // who encrypts for somebody has his meta; a broadcast tells nothing
    if (labels.encryption !== undefined) this.#introduced.add(introduction(receiver, sender));
    if (content.kind === 'receipt-command') this.#events.emit('receipt', { ...accepted, content });
    else if (isCommand(content)) this.#events.emit('command', { ...accepted, content });
    else if (content.kind !== 'forward') this.#events.emit('message', accepted);
  }

  /** When it goes on it goes before what came in later, so that the order of its sender holds. */
  #suspendReceived(message: ReliableMessage, missing: Missing, arrival: Arrival): void {
    this.#wait('in', missing, message, async () => {
      const outcome = await this.#incoming.run(() => this.#receive(message, arrival), true);
      this.#events.emit('resumed', { direction: 'in', waitingFor: missing.id, outcome });
      await this.#sendReplies(outcome);
    });
  }

  #suspendSending(instant: InstantMessage, missing: Missing, options: SendOptions): void {
    this.#wait('out', missing, instant, async () => {
      const outcome = await this.#outgoing.run(() => this.sendMessage(instant, options));
      this.#events.emit('resumed', { direction: 'out', waitingFor: missing.id, outcome });
    });
  }

  #wait(
    direction: 'in' | 'out',
    missing: Missing,
    message: ReliableMessage | InstantMessage,
    resume: () => Promise<void>,
  ): void {
    const rejected = (error: DimpError): void => this.#events.emit('rejected', { direction, error, message });
    this.#events.emit('suspended', { direction, waitingFor: missing.id, message });
    this.#waiting.add({
      missing,
      resume: () => void resume().catch(error => rejected(asDimpError(error))),
      giveUp: rejected,
    });
    void this.#attempt(async () => {
      // it may have come while the message was on its way here
      if (await isHere(missing, this.facebook)) this.#arrived(missing);
      else await this.#inquiries.ask(missing);
    });
  }

  #arrived(thing: Missing): void {
    this.#inquiries.arrived(thing);
    this.#waiting.arrived(thing);
  }

  /** A member who was left out: nothing waits, but what is missing of him is asked for, for the next message. */
  #report(member: ID, message: InstantMessage): void {
    this.#events.emit('suspended', { direction: 'out', waitingFor: member, message });
    void this.#attempt(async () => {
      const hasMeta = await isHere({ what: 'meta', id: member }, this.facebook);
      await this.#inquiries.ask({ what: hasMeta ? 'profile' : 'meta', id: member });
    });
  }

  /** Who left a group may have kept its message key: the next message gets a new one. */
  #removeKeys(group: ID): void {
    void this.#attempt(() =>
      this.#removals.run(async () => {
        for (const user of await this.facebook.archive.loadLocalUsers()) {
          await this.#keyStore.removeKey(user, group);
        }
      }),
    );
  }

  /** Does something that nobody waits for; the application hears when it fails. */
  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#events.emit('rejected', { direction: 'out', error: asDimpError(error) });
    }
  }

  /** What a processor sends. Nobody looks at the outcome, so a failure is told. */
  async #sendBeside(content: Content, receiver: ID, sender: ID): Promise<Sent> {
    const message = createInstantMessage({ sender, receiver, time: this.#clock() }, content);
    let sent: Sent;
    try {
      sent = await this.sendMessage(message);
    } catch (error) {
      sent = { kind: 'failed', message, error: asDimpError(error) };
    }
    if (sent.kind === 'failed') {
      this.#events.emit('rejected', { direction: 'out', error: sent.error, message });
    }
    return sent;
  }

  #noteIntroduction({ envelope, meta }: ReliableMessage): void {
    if (meta !== undefined) this.#introduced.add(introduction(envelope.sender, envelope.receiver));
  }

  #transport(): Transport {
    const { transport } = this.#options;
    if (transport !== undefined) return transport;
    throw new UsageError('This messenger has no transport; pass one in new Messenger({ transport }).');
  }

  async #deliver(message: ReliableMessage, transport: Transport, signal?: AbortSignal): Promise<void> {
    try {
      await transport.send(formatPackage(message), signal === undefined ? {} : { signal });
    } catch (error) {
      if (error instanceof TransportError) throw error;
      throw new TransportError('The transport did not take the package; see the cause.', { cause: error });
    }
  }
}

/** The name of "this one's meta is known to that one". */
function introduction(of: ID, to: ID): string {
  return `${of.key} ${to.key}`;
}
