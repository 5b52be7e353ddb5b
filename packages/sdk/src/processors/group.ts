import { createGroupCommand, createText, type GroupCommand } from '@dimp/dkd';
import { equalID, type ID } from '@dimp/mkm';
import { RefusedError } from '../errors.js';
import {
  type Processed,
  type Processor,
  type ProcessorComponents,
  type ProcessorFactory,
  type ReceivedContent,
  silence,
} from '../processor.js';
import { RecentSet } from '../recent-set.js';
import {
  changeMembers,
  findOwner,
  type GroupState,
  includesID,
  loadGroupState,
  noteChange,
  requireInsider,
  requireManager,
  requireMembers,
  withoutIDs,
} from './group-rules.js';

/** What rules work with. */
interface RuleComponents extends ProcessorComponents {
  /** Who was asked for which list a short while ago. */
  readonly asked: RecentSet;
}

type Rule = (
  command: GroupCommand,
  state: GroupState,
  received: ReceivedContent,
  components: RuleComponents,
) => Promise<Processed>;

/** Seconds after which somebody is asked again whose list was of no use. */
const patience = 60;

/** Who asks gets the list: from the owner as the one that counts, from others as an invitation. */
export function queryProcessor(): ProcessorFactory {
  return processor('query-command', async (command, state, { receiver }, { clock }) => {
    requireInsider(state, command);
    if (state.members.length === 0) {
      return { answers: [createText(`Group members not found: ${state.id.text}`)] };
    }
    const name = (await state.group.isOwner(receiver)) ? 'reset' : 'invite';
    return { answers: [createGroupCommand(name, state.id, state.members, { time: clock() })] };
  });
}

/** Members may invite; those not yet listed are added. */
export function inviteProcessor(): ProcessorFactory {
  return processor('invite-command', async (command, state, received, components) => {
    if (state.isEmpty) return reset(command, state, received, components);
    requireInsider(state, command);
    const invited = requireMembers(command);
    const { owner } = state;
    if (state.senderIsOwner && owner !== undefined && includesID(invited, owner)) {
      return reset(command, state, received, components);
    }
    const members = [...state.members, ...withoutIDs(invited, state.members)];
    return accepted(command, state, members, components);
  });
}

/** The owner and assistants may expel. */
export function expelProcessor(): ProcessorFactory {
  return processor('expel-command', async (command, state, _received, components) => {
    requireManager(state, command);
    const members = withoutIDs(state.members, requireMembers(command));
    return accepted(command, state, members, components);
  });
}

/** Members may quit, for themselves only. */
export function quitProcessor(): ProcessorFactory {
  return processor('quit-command', async (command, state, { sender }, components) => {
    if (state.senderIsOwner || state.senderIsAssistant) {
      throw new RefusedError(`The owner of ${state.id.text} and its assistants cannot quit.`);
    }
    return accepted(command, state, withoutIDs(state.members, [sender]), components);
  });
}

/** The owner and assistants may replace the list; any list may start one that is empty. */
export function resetProcessor(): ProcessorFactory {
  return processor('reset-command', reset);
}

const reset: Rule = async (command, state, received, components) => {
  const members = requireMembers(command);
  if (state.isEmpty) return start(command, state, members, received, components);
  requireManager(state, command);
  return accepted(command, state, members, components);
};

/**
 * A first list counts for the time being if the owner is on it, and the owner is asked for his; without the
 * owner nothing is kept and the sender is asked.
 */
async function start(
  command: GroupCommand,
  state: GroupState,
  members: readonly ID[],
  { sender, receiver }: ReceivedContent,
  components: RuleComponents,
): Promise<Processed> {
  const { asked, clock, facebook } = components;
  const owner = await findOwner(state, members, facebook);
  const query = createGroupCommand('query', state.id, [], { time: clock() });
  if (owner === undefined) {
    // his answer may be such a list again, and the two of us would talk for ever
    const name = `${state.id.key} ${sender.key}`;
    if (asked.has(name)) return silence;
    asked.add(name);
    return { answers: [query] };
  }
  const processed = await accepted(command, state, members, components);
  if (!equalID(sender, owner) && !equalID(receiver, owner)) await components.send(query, owner, receiver);
  return processed;
}

async function accepted(
  command: GroupCommand,
  state: GroupState,
  members: readonly ID[],
  { facebook }: ProcessorComponents,
): Promise<Processed> {
  const change = await changeMembers(state, members, facebook);
  if (change.added.length === 0 && change.removed.length === 0) return silence;
  return { answers: [], content: noteChange(command, change) };
}

function processor(kind: GroupCommand['kind'], rule: Rule): ProcessorFactory {
  return ({ clock }): Processor<GroupCommand> => {
    const asked = new RecentSet({ window: patience, clock });
    return {
      kinds: [kind],
      async process(command, received, components) {
        const state = await loadGroupState(command, received.sender, components.facebook);
        return rule(command, state, received, { ...components, asked });
      },
    };
  };
}
