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
import { defaultProcessors } from './default-processors.js';
import { Emitter } from './emitter.js';
import type { AcceptedContent, MessengerEvents } from './events.js';
import { Facebook } from './facebook.js';
import { type Arrival, missingOf, type ReceiverParts, receiveMessage } from './message-receiver.js';
import { asDimpError, type PackedMessage } from './message-sender.js';
import type { MessengerOptions, SendOptions } from './messenger-options.js';
import { Outgoing } from './outgoing.js';
import {
  type Processed,
  type Processor,
  type ProcessorFactory,
  type ReceivedContent,
  silence,
} from './processor.js';
import type { Received, Sent } from './received.js';
import { MemoryReplayMemory } from './replay-memory.js';
import type { Missing } from './resolver.js';
import { Serial } from './serial.js';
import { Suspensions } from './suspensions.js';

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
  readonly #suspensions: Suspensions;
  readonly #outgoing: Outgoing;
  readonly #processors = new Map<string, Processor>();
  readonly #parts: ReceiverParts;
  readonly #incoming = new Serial();
  /** Messages that are sent after waiting go one after the other, so that their order holds. */
  readonly #resent = new Serial();
  readonly #stops: (() => void)[] = [];

  constructor(options: MessengerOptions = {}) {
    const facebook = options.facebook ?? new Facebook();
    const keyStore = options.keyStore ?? new MemoryKeyStore();
    this.#options = options;
    this.facebook = facebook;
    this.#clock = options.clock ?? facebook.clock;
    this.transceiver = new Transceiver({
      barrack: facebook.barrack,
      keyStore,
      clock: this.#clock,
      ...(options.attachments && { attachments: options.attachments }),
      ...(options.bind !== undefined && { bind: options.bind }),
    });
    this.#outgoing = new Outgoing({ facebook, transceiver: this.transceiver, keyStore, options });
    this.#suspensions = new Suspensions(facebook, this.#events, options);
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
    return this.#suspensions.size;
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
    // a messenger without transport is a mistake and no outcome
    void this.#outgoing.transport;
    try {
      const { messages, missing } = await this.#outgoing.send(instant, options);
      for (const member of missing) this.#suspensions.report(member, instant);
      return { kind: 'sent', messages, missing };
    } catch (error) {
      options.signal?.throwIfAborted();
      const missing = missingOf(error, this.facebook);
      if (missing === undefined) return { kind: 'failed', message: instant, error: asDimpError(error) };
      this.#suspendSending(instant, missing, options);
      return { kind: 'suspended', message: instant, waitingFor: missing.id };
    }
  }

  /** Encrypts and signs a message without sending it. Throws as `packMessage`. */
  pack(instant: InstantMessage, options: SendOptions = {}): Promise<PackedMessage> {
    return this.#outgoing.pack(instant, options);
  }

  /** Sends a message that is signed already, as it is. @throws {UsageError} without transport @throws {TransportError} */
  async forwardMessage(
    message: ReliableMessage,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    await this.#outgoing.deliver(message, options.signal);
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
    this.#suspensions.close();
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
      facebook.on('meta', ({ id }) => this.#suspensions.arrived({ what: 'meta', id })),
      facebook.on('profile', ({ id, profile }) => {
        this.#suspensions.arrived({ what: 'profile', id });
        this.#events.emit('profile-changed', { id, profile });
      }),
      facebook.on('members', event => {
        this.#suspensions.arrived({ what: 'members', id: event.group });
        if (event.removed.length > 0) {
          void this.#suspensions.attempt(() => this.#outgoing.removeGroupKeys(event.group));
        }
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
    if (received.kind !== 'accepted' || !this.#outgoing.hasTransport) return;
    for (const reply of received.replies) {
      try {
        await this.#outgoing.deliver(reply);
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
      if (missing !== undefined && this.#outgoing.hasTransport) {
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
    if (labels.encryption !== undefined) this.#outgoing.noteHeardOf(receiver, sender);
    if (content.kind === 'receipt-command') this.#events.emit('receipt', { ...accepted, content });
    else if (isCommand(content)) this.#events.emit('command', { ...accepted, content });
    else if (content.kind !== 'forward') this.#events.emit('message', accepted);
  }

  /** When it goes on it goes before what came in later, so that the order of its sender holds. */
  #suspendReceived(message: ReliableMessage, missing: Missing, arrival: Arrival): void {
    const resume = async (): Promise<void> => {
      const outcome = await this.#incoming.run(() => this.#receive(message, arrival), true);
      this.#events.emit('resumed', { direction: 'in', waitingFor: missing.id, outcome });
      await this.#sendReplies(outcome);
    };
    this.#suspensions.wait({ direction: 'in', missing, message, resume });
  }

  #suspendSending(message: InstantMessage, missing: Missing, options: SendOptions): void {
    const resume = async (): Promise<void> => {
      const outcome = await this.#resent.run(() => this.sendMessage(message, options));
      this.#events.emit('resumed', { direction: 'out', waitingFor: missing.id, outcome });
    };
    this.#suspensions.wait({ direction: 'out', missing, message, resume });
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
}
