import type { Registry, SymmetricAlgorithm } from '@dimp/crypto';
import type { IdentityContext } from '@dimp/mkm';
import type { CommandDefinition } from './command.js';
import type { ContentDefinition } from './content.js';

/** What reading messages needs to know. */
export interface MessageContext extends IdentityContext {
  /** Algorithms of message keys. PLAIN is not among them: it is for broadcasts, which carry no key. */
  readonly symmetric: Registry<SymmetricAlgorithm>;
  readonly contents: Registry<ContentDefinition>;
  /** One table for commands and history commands. */
  readonly commands: Registry<CommandDefinition>;
}
