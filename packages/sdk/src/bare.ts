/**
 * Facebook and Messenger that bring no protocol along: they carry only what the one you hand in is made of, so a page whose
 * people all have RSA keys does not load the algorithms of others. Everything else is at the root import.
 * @packageDocumentation
 */
export type { BareFacebookOptions, Directory } from './directory.js';
export { BareFacebook } from './facebook.js';
export { BareMessenger } from './messenger.js';
export type { BareMessengerOptions } from './messenger-options.js';
