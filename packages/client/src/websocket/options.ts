import type { ID, Meta } from '@dimp/mkm';
import type { Facebook } from '@dimp/sdk';
import { checkPositive, checkSeconds } from '../check-arguments.js';
import type { BackoffOptions } from './backoff.js';

/** Where a station is, and how it is recognised. */
export interface StationAddress {
  /** `ws:` or `wss:`. */
  readonly url: string;
  /**
   * Who has to be there: an answer in another name ends the use of this address. Without it the first answer tells,
   * and from then on it must be the same for as long as the transport lives.
   */
  readonly id?: ID;
  /**
   * The station's meta. Needed for stations that do not attach theirs to their first answer, as those of generation 1,
   * unless the Facebook has it; then `id` is needed, too.
   */
  readonly meta?: Meta;
}

/** How a `StationTransport` is made. */
export interface StationTransportOptions {
  /** Has the user's keys, and learns the station's meta. */
  readonly facebook: Facebook;
  /** Who logs in: a local user. */
  readonly user: ID;
  /** In the order in which they are tried; after the last comes the first. One that worked is tried first again. */
  readonly stations: readonly StationAddress[];
  /** Tells this device of the user from his others: it becomes the terminal of the ID that logs in. */
  readonly device?: string;
  /** The name of the program, which the login command says. */
  readonly agent?: string;
  /** Seconds of silence after which a sign of life is asked for; after twice as many the connection is given up. 16 when absent. */
  readonly heartbeatSeconds?: number;
  /** Seconds from the first byte to the end of the handshake; 30 when absent. */
  readonly handshakeSeconds?: number;
  /** Waiting between attempts: 1 to 60 seconds when absent. */
  readonly backoff?: Partial<BackoffOptions>;
  /** Packages that are on their way to the station at once; 64 when absent. */
  readonly window?: number;
  /** Packages that may wait for the connection or for room on the way; 1024 when absent. One more is refused. */
  readonly maxWaiting?: number;
  /** Seconds that a station which acknowledges has for one package, before sending fails; 30 when absent. */
  readonly ackSeconds?: number;
  /**
   * Seconds that a station which does not acknowledge has for its receipt, before the package counts as taken; 5 when
   * absent. Existing stations answer nothing to some packages.
   */
  readonly receiptSeconds?: number;
  /** Seconds that `close` waits for what is under way; 5 when absent. */
  readonly closeSeconds?: number;
}

/** Everything that has a default, with it. */
export interface Settings {
  readonly heartbeatSeconds: number;
  readonly handshakeSeconds: number;
  readonly backoff: Partial<BackoffOptions>;
  readonly window: number;
  readonly maxWaiting: number;
  readonly ackSeconds: number;
  readonly receiptSeconds: number;
  readonly closeSeconds: number;
}

const defaults: Settings = {
  heartbeatSeconds: 16,
  handshakeSeconds: 30,
  backoff: {},
  window: 64,
  maxWaiting: 1024,
  ackSeconds: 30,
  receiptSeconds: 5,
  closeSeconds: 5,
};

/** The settings of a transport. @throws {RangeError} a number that is none, not above 0, or longer than timers can wait */
export function settingsOf(options: StationTransportOptions): Settings {
  const settings = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof Settings)[]) {
    const value = options[name];
    if (value === undefined) continue;
    if (name === 'backoff') {
      const { firstSeconds, maxSeconds } = Object(value) as Partial<BackoffOptions>;
      checkSeconds(firstSeconds, 'options.backoff.firstSeconds');
      checkSeconds(maxSeconds, 'options.backoff.maxSeconds');
    } else if (name.endsWith('Seconds')) checkSeconds(value, `options.${name}`);
    else checkPositive(value, `options.${name}`);
    Object.assign(settings, { [name]: value });
  }
  return settings;
}
