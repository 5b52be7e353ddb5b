import type { ID } from '@dimp/mkm';
import type { MessageStore, PageLimit, Stored } from './message-store.js';
import { type Metrics, noMetrics } from './metrics.js';
import { defaultLimits } from './options.js';
import { PassedOverDevices } from './passed-over.js';
import type { Session, SessionDirectory } from './session.js';
import { type DeliveryParts, SessionDelivery } from './session-delivery.js';

/** What a delivery is made of. */
export interface DeliveryOptions {
  readonly store: Pick<MessageStore, 'openDevice' | 'pending' | 'page' | 'acknowledge'>;
  readonly sessions: Pick<SessionDirectory, 'ofUser'>;
  readonly metrics?: Metrics;
  /** Seconds since 1970, with fraction. */
  readonly clock?: () => number;
  /** @see StationLimits.bufferedBytes */
  readonly bufferedBytes?: number;
  /** What one session may have that it has not acknowledged. */
  readonly window?: PageLimit;
  /**
   * Seconds in which a device that has all this must acknowledge some of it, else it gets more all the same; 10 when
   * absent.
   */
  readonly patience?: number;
  /** Hears what went wrong with the store. */
  readonly report?: (error: Error) => void;
}

/** Enough for 5,000 messages a second with a client that is 50 ms away. */
const defaultWindow: PageLimit = { count: 256, bytes: 4_194_304 };

const defaultPatience = 10;

/** Hands messages to the sessions of their receivers, what was kept first. */
export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #sessions: Pick<SessionDirectory, 'ofUser'>;
  readonly #deliveries = new Map<Session, SessionDelivery>();
  /** Those that are beginning. */
  readonly #starts = new Set<Promise<void>>();
  #isStopping = false;

  constructor(options: DeliveryOptions) {
    this.#sessions = options.sessions;
    this.#parts = {
      store: options.store,
      metrics: options.metrics ?? noMetrics,
      clock: options.clock ?? (() => Date.now() / 1000),
      bufferedBytes: options.bufferedBytes ?? defaultLimits.bufferedBytes,
      window: options.window ?? defaultWindow,
      patience: options.patience ?? defaultPatience,
      passedOver: new PassedOverDevices(),
      report: options.report ?? (() => {}),
      isStopping: () => this.#isStopping,
    };
  }

  /** @see MessageRelay.attach */
  attach(session: Session): void {
    const { user } = session;
    if (user === undefined || this.#isStopping) return;
    this.detach(session);
    const delivery = new SessionDelivery(session, user, this.#parts);
    this.#deliveries.set(session, delivery);
    const start = delivery.start().finally(() => this.#starts.delete(start));
    this.#starts.add(start);
  }

  /** @see MessageRelay.detach */
  detach(session: Session): void {
    this.#deliveries.get(session)?.end();
    this.#deliveries.delete(session);
  }

  /** @see MessageRelay.acknowledged */
  acknowledged(session: Session, signature: string): void {
    this.#deliveries.get(session)?.acknowledged(signature);
  }

  /** Offers a message that is on disk to the sessions of a user; must be called in the order of numbers. */
  offer(user: ID, message: Stored): { readonly isOnline: boolean } {
    let isOnline = false;
    for (const session of this.#sessions.ofUser(user)) {
      const delivery = this.#deliveries.get(session);
      if (delivery === undefined) continue;
      isOnline = true;
      delivery.offer(message);
    }
    return { isOnline };
  }

  /** Begins nothing more, and resolves when what was begun is handed over. What is acknowledged still counts. */
  async close(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#starts);
  }
}
