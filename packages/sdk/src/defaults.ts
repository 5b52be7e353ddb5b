import { createProtocol, type Protocol, type ProtocolOptions } from '@dimp/core';
import type { CommandDefinition } from '@dimp/dkd';
import { defaultCommands, defaultContents } from '@dimp/dkd/defaults';
import { defaultAddresses, defaultMetas } from '@dimp/mkm/defaults';
import { platform } from '#platform';
import { blockCommand, muteCommand } from './commands/contact-list.js';
import { handshakeCommand } from './commands/handshake.js';
import { loginCommand } from './commands/login.js';
import { receiptCommand } from './commands/receipt.js';
import { reportCommand } from './commands/report.js';
import { searchCommand, usersCommand } from './commands/search.js';
import { storageCommand } from './commands/storage.js';

/** The commands between clients and stations. */
export const sessionCommands: readonly CommandDefinition[] = [
  handshakeCommand,
  loginCommand,
  receiptCommand,
  reportCommand,
  searchCommand,
  usersCommand,
  blockCommand,
  muteCommand,
  storageCommand,
];

/** The lists that a protocol is made of, as arrays that can be spread. */
export type ProtocolLists = {
  readonly [List in keyof ProtocolOptions]: ProtocolOptions[List] extends Iterable<infer T>
    ? readonly T[]
    : never;
};

/**
 * The lists that `defaultProtocol` is made of. The algorithms are native in Node, by WebCrypto where that is faster
 * in browsers, and portable code elsewhere; runtime and bundler choose by themselves, and results are the same.
 *
 * @example
 * const protocol = createProtocol({ ...defaults(), contents: [...defaults().contents, pollContent] })
 */
export function defaults(): ProtocolLists {
  return {
    asymmetric: platform.asymmetric,
    symmetric: platform.symmetric,
    addresses: defaultAddresses,
    metas: defaultMetas,
    contents: defaultContents,
    commands: [...defaultCommands, ...sessionCommands],
  };
}

/** Everything that the protocol of generation 1 defines. */
export function defaultProtocol(): Protocol {
  return createProtocol(defaults());
}
