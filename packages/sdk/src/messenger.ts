import { formatPackage, MemoryKeyStore, type Protection, parsePackage, Transceiver } from '@dimp/core';
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
import { DirectWorks } from './direct-works.js';
import { Dispatch } from './dispatch.js';
import { Emitter } from './emitter.js';
import type { AcceptedContent, MessengerEvents } from './events.js';
import { Facebook } from './facebook.js';
import type { PackedMessage } from './message-sender.js';
import type { MessengerOptions, SendOptions } from './messenger-options.js';
import { Outgoing } from './outgoing.js';
import type { Processed, ReceivedContent } from './processor.js';
import type { Received, Sent } from './received.js';
import { Reception } from './reception.js';
import { MemoryReplayMemory } from './replay-memory.js';
import { StoreWorks } from './store-works.js';
import { Suspensions } from './suspensions.js';
import type { WorkPorts, Works } from './work.js';

/**
 * Sends contents and receives packages: the place where an application begins.
 *
 * Packages are processed one after the other, in the order in which they are handed in. With a store, what one of them
 * changes is saved as one, and nothing is told of it before it is on disk; the next one is processed meanwhile.
 */
export class Messenger {
  readonly facebook: Facebook;
  readonly transceiver: Transceiver;
  readonly #options: MessengerOptions;
  readonly #clock: () => number;
  readonly #events = new Emitter<MessengerEvents>();
  readonly #works: Works;
  readonly #suspensions: Suspensions;
  readonly #outgoing: Outgoing;
  readonly #dispatch: Dispatch;
  readonly #reception: Reception;
  readonly #stops: (() => void)[] = [];
  /** Resolves when what an earlier run left is back in its place. */
  readonly #restored: Promise<void>;

  constructor(options: MessengerOptions = {}) {
    const { store } = options;
    const facebook = options.facebook ?? new Facebook(store === undefined ? {} : { archive: store.archive });
    const keyStore = options.keyStore ?? store?.keyStore ?? new MemoryKeyStore();
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
    this.#works = this.#createWorks(keyStore);
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
      save: (message, labels) => this.#save(message, labels),
      tell: accepted => this.#tell(accepted),
    });
    this.#restored = this.#restore();
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
   * `resumed` or `rejected` tells. With an outbox it goes out behind those before it, and stays there while the
   * transport does not work; `message-state` tells when it went. Throws as `sendContent`.
   */
  async sendMessage(instant: InstantMessage, options: SendOptions = {}): Promise<Sent> {
    // a messenger without transport is a mistake and no outcome
    void this.#outgoing.transport;
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
   * the waiting list that were lost sight of since the store did not work. Resolves when it was tried. A messenger does
   * so by itself when it is made, and the outbox also goes on with the next message.
   */
  async resume(): Promise<void> {
    await this.#restored;
    await this.#restore();
    if (this.#outgoing.hasTransport) await this.#dispatch.deliveries.drain();
  }

  /**
   * Stops taking packages from the transport, waits for those under way, and ends the messages that wait; with a waiting
   * list they wait on in the next run, as the outbox goes on then.
   */
  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await this.#restored;
    await this.#reception.idle();
    await this.#dispatch.close();
    this.#suspensions.close();
    await this.#works.idle();
  }

  async #instant(content: Content, receiver: ID, options: SendOptions): Promise<InstantMessage> {
    const sender = options.sender ?? (await this.facebook.currentUser()).id;
    const named =
      isGroupID(receiver) && !isBroadcastID(receiver) && !isCommand(content) && content.group === undefined
        ? { ...content, group: receiver }
        : content;
    return createInstantMessage({ sender, receiver, time: this.#clock() }, named);
  }

  #createWorks(keyStore: WorkPorts['keyStore']): Works {
    const { store, replay } = this.#options;
    const conversations = this.#options.conversations ?? store?.conversations;
    const outbox = this.#options.outbox ?? store?.outbox;
    const waitingList = this.#options.waitingList ?? store?.waitingList;
    const memory = replay ?? store?.replay ?? new MemoryReplayMemory({ clock: this.#clock });
    const ports: WorkPorts = {
      keyStore,
      replay: memory === false ? undefined : memory,
      conversations,
      outbox,
      waitingList,
    };
    const { facebook, transceiver } = this;
    return store === undefined
      ? new DirectWorks(facebook, transceiver, ports)
      : new StoreWorks({ store, facebook, transceiver, ports });
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
    if (transport === undefined) return;
    const arrive = (data: Uint8Array): void => {
      const { protocol } = facebook;
      void this.#reception.arrive(() => parsePackage(data, protocol), { depth: 0 });
    };
    this.#stops.push(transport.subscribe(arrive));
  }

  /** Puts what is in outbox and waiting list where it belongs, before anything else is received or sent. */
  async #restore(): Promise<void> {
    const { outbox, waitingList } = this.#works.ports;
    if (outbox === undefined && waitingList === undefined) return;
    await this.#suspensions.attempt(() =>
      this.#reception.first(async () => {
        this.#dispatch.deliveries.restore((await outbox?.list()) ?? []);
        for (const waiting of (await waitingList?.list()) ?? []) this.#reception.restore(waiting);
      }),
    );
    if (this.#outgoing.hasTransport) void this.#dispatch.deliveries.drain();
  }

  async #save(message: InstantMessage, labels: Protection): Promise<boolean> {
    return (await this.#options.saveMessage?.(message, labels)) ?? true;
  }

  #tell(accepted: AcceptedContent): void {
    const { content, receiver, sender, labels } = accepted;
    // who encrypts for somebody has his meta; a broadcast tells nothing
    if (labels.encryption !== undefined) this.#outgoing.noteHeardOf(receiver, sender);
    if (content.kind === 'receipt-command') this.#events.emit('receipt', { ...accepted, content });
    else if (isCommand(content)) this.#events.emit('command', { ...accepted, content });
    else if (content.kind !== 'forward') this.#events.emit('message', accepted);
  }
}
