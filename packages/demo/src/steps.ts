import { defineStep, type Step } from './step.js';
import { printAttacks, runAttacks } from './steps/attacks.js';
import { printConversation, runConversation } from './steps/conversation.js';
import { printFile, runFile } from './steps/file.js';
import { printGroup, runGroup } from './steps/group.js';
import { printNewUsers, runNewUsers } from './steps/new-users.js';
import { printPublishedUsers, runPublishedUsers } from './steps/published-users.js';

/** The demo, in order: a step may use whom the earlier ones brought. */
export const steps: readonly Step[] = [
  defineStep(
    'publishedUsers',
    'Two published users, and a message of the reference implementation',
    runPublishedUsers,
    printPublishedUsers,
  ),
  defineStep('newUsers', 'Two new users, and nobody was asked', runNewUsers, printNewUsers),
  defineStep(
    'conversation',
    'A conversation through a relay that reads nothing',
    runConversation,
    printConversation,
  ),
  defineStep('group', 'A group: written once, for each member', runGroup, printGroup),
  defineStep('file', 'A file, on a host that cannot read it', runFile, printFile),
  defineStep('attacks', 'Attacks, refused', runAttacks, printAttacks),
];
