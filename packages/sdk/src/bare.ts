/**
 * Facebook and Messenger without a protocol: they carry only what the one that you hand in is made of, so a page whose
 * people all have RSA keys does not load the algorithms of others. Everything else is at the root import.
 * @packageDocumentation
 */
export type { BareFacebookOptions as FacebookOptions } from './directory.js';
export { Facebook } from './facebook.js';
export { Messenger } from './messenger.js';
export type { BareMessengerOptions as MessengerOptions } from './messenger-options.js';
