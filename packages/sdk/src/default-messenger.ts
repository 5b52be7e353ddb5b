import { checkMessengerOptions } from './check-arguments.js';
import { Facebook } from './default-facebook.js';
import { BareMessenger } from './messenger.js';
import type { BareMessengerOptions, MessengerOptions } from './messenger-options.js';

/**
 * Sends contents and receives packages: the place where an application begins.
 *
 * Packages are processed one after the other, in the order in which they are handed in. With a store, what one of them
 * changes is saved as one, and nothing is told of it before it is on disk; the next one is processed meanwhile.
 * Everything has a default. Any `BareMessenger` of `@dimp/sdk/bare`, which brings no protocol along, does for one, too.
 */
export class Messenger extends BareMessenger {
  /** @throws {TypeError} something else than options */
  constructor(options: MessengerOptions = {}) {
    super(withFacebook(options));
  }
}

function withFacebook(options: MessengerOptions): BareMessengerOptions {
  checkMessengerOptions(options);
  const { store } = options;
  const facebook = options.facebook ?? new Facebook(store === undefined ? {} : { archive: store.archive });
  return { ...options, facebook };
}
