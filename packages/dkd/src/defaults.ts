import { type CommandDefinition, commandContent } from './command.js';
import {
  expelCommand,
  historyContent,
  inviteCommand,
  joinCommand,
  queryCommand,
  quitCommand,
  resetCommand,
} from './commands/group.js';
import { metaCommand } from './commands/meta.js';
import { profileCommand } from './commands/profile.js';
import type { ContentDefinition } from './content.js';
import { audioContent, fileContent, imageContent, videoContent } from './contents/file.js';
import { forwardContent } from './contents/forward.js';
import { moneyContent } from './contents/money.js';
import { pageContent } from './contents/page.js';
import { quoteContent } from './contents/quote.js';
import { textContent } from './contents/text.js';

/** The contents of the protocol. */
export const defaultContents: readonly ContentDefinition[] = [
  textContent,
  fileContent,
  imageContent,
  audioContent,
  videoContent,
  pageContent,
  quoteContent,
  moneyContent,
  commandContent,
  historyContent,
  forwardContent,
];

/** The commands of the protocol; those between clients and stations are the sdk's. */
export const defaultCommands: readonly CommandDefinition[] = [
  metaCommand,
  profileCommand,
  inviteCommand,
  expelCommand,
  joinCommand,
  quitCommand,
  resetCommand,
  queryCommand,
];
