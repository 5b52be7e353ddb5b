import { isCommand } from '@dimp/dkd';
import type { Facebook } from './default-facebook.js';
import type { Emitter } from './emitter.js';
import type { AcceptedContent, MessengerEvents } from './events.js';
import type { Outgoing } from './outgoing.js';
import type { Suspensions } from './suspensions.js';

/** Who is to hear of news. */
export interface NewsParts {
  readonly facebook: Facebook;
  readonly suspensions: Suspensions;
  readonly outgoing: Outgoing;
  readonly events: Emitter<MessengerEvents>;
}

/** Passes on what a Facebook tells, to messages that wait and to the application. Functions that stop it come back. */
export function followFacebook({
  facebook,
  suspensions,
  outgoing,
  events,
}: NewsParts): readonly (() => void)[] {
  return [
    facebook.on('meta', ({ id }) => suspensions.arrived({ what: 'meta', id })),
    facebook.on('profile', ({ id, profile }) => {
      suspensions.arrived({ what: 'profile', id });
      events.emit('profile-changed', { id, profile });
    }),
    facebook.on('members', event => {
      suspensions.arrived({ what: 'members', id: event.group });
      if (event.removed.length > 0) void suspensions.attempt(() => outgoing.removeGroupKeys(event.group));
      events.emit('group-changed', event);
    }),
  ];
}

/** Tells the application of a content that was accepted, under the name it listens for. */
export function tellAccepted(
  accepted: AcceptedContent,
  { outgoing, events }: Pick<NewsParts, 'outgoing' | 'events'>,
): void {
  const { content, receiver, sender, labels } = accepted;
  // who encrypts for somebody has his meta; a broadcast tells nothing
  if (labels.encryption !== undefined) outgoing.noteHeardOf(receiver, sender);
  if (content.kind === 'receipt-command') events.emit('receipt', { ...accepted, content });
  else if (isCommand(content)) events.emit('command', { ...accepted, content });
  else if (content.kind !== 'forward') events.emit('message', accepted);
}
