import type { Protection } from '@dimp/core';
import type { Content } from '@dimp/dkd';
import { type ID, isBroadcastID, isGroupID } from '@dimp/mkm';
import type { Facebook } from './default-facebook.js';

/** What protects a received message, and what is known of its sender's place in the group. */
export interface Labels extends Protection {
  /**
   * Whether the sender is a member of the group that the content names, as far as is known here when the message comes:
   * anybody can write that he speaks in a group. Absent when the content names none, and when it is not known who is in.
   */
  readonly member?: boolean;
}

/** The labels of a message of this sender. */
export async function labelsOf(
  protection: Protection,
  sender: ID,
  { group }: Content,
  facebook: Facebook,
): Promise<Labels> {
  if (group === undefined || !isGroupID(group) || isBroadcastID(group)) return protection;
  const members = (await facebook.loadMembers(group)) ?? [];
  if (members.length === 0) return protection;
  const member = (await (await facebook.group(group))?.isMember(sender)) === true;
  return { ...protection, member };
}
