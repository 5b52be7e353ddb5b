import { checkFacebookOptions } from './check-arguments.js';
import { defaultProtocol } from './defaults.js';
import type { BareFacebookOptions, FacebookOptions } from './directory.js';
import { BareFacebook } from './facebook.js';

/**
 * Who is who: the users and groups that are known, what is known of them, and the users who act here.
 *
 * Metas and profiles are checked here before they are kept. Everything has a default. Any `BareFacebook` of
 * `@dimp/sdk/bare`, which brings no protocol along, does for one, too.
 */
export class Facebook extends BareFacebook {
  /** @throws {TypeError} something else than options */
  constructor(options: FacebookOptions = {}) {
    super(withProtocol(options));
  }
}

function withProtocol(options: FacebookOptions): BareFacebookOptions {
  checkFacebookOptions(options);
  return { ...options, protocol: options.protocol ?? defaultProtocol() };
}
