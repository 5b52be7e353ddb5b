import { type AsymmetricAlgorithm, createRegistry, type SymmetricAlgorithm } from '@dimp/crypto';
import type { CommandDefinition, ContentDefinition, MessageContext } from '@dimp/dkd';
import { type AddressFormat, IDCache, type MetaType } from '@dimp/mkm';

/** All registries in one value: everything that reading and writing the protocol needs to know. */
export type Protocol = MessageContext;

/** What a protocol is made of: lists, in which the defaults and one's own stand side by side. */
export interface ProtocolOptions {
  readonly asymmetric: Iterable<AsymmetricAlgorithm>;
  /** The first makes new message keys. */
  readonly symmetric: Iterable<SymmetricAlgorithm>;
  readonly addresses: readonly AddressFormat[];
  readonly metas: Iterable<MetaType>;
  readonly contents: Iterable<ContentDefinition>;
  readonly commands: Iterable<CommandDefinition>;
}

/**
 * Makes a protocol from lists of definitions; registries are lists too.
 *
 * @example
 * const protocol = createProtocol({ ...defaults, contents: [...defaults.contents, pollContent] })
 * @throws {UsageError} two definitions for one code
 * @throws {TypeError} a list is missing
 */
export function createProtocol(options: ProtocolOptions): Protocol {
  for (const name of ['asymmetric', 'symmetric', 'addresses', 'metas', 'contents', 'commands'] as const) {
    if (!options?.[name]?.[Symbol.iterator]) throw new TypeError(`${name}: expected a list of definitions`);
  }
  return {
    asymmetric: createRegistry('asymmetric algorithm', options.asymmetric),
    symmetric: createRegistry('symmetric algorithm', options.symmetric),
    addresses: options.addresses,
    knownIDs: new IDCache(),
    metas: createRegistry('kind of meta', options.metas),
    contents: createRegistry('content definition', options.contents),
    commands: createRegistry('command definition', options.commands),
  };
}
