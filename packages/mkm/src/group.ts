import type { Verified } from '@dimp/crypto';
import { broadcastGroup, isBroadcastID } from './broadcast.js';
import type { IdentityContext } from './context.js';
import type { EntityDataSource, GroupDataSource } from './data-source.js';
import { Entity } from './entity.js';
import { equalID, type ID } from './id.js';
import { type Meta, matchMetaKey } from './meta.js';

/** Something with members. */
export class Group extends Entity<GroupDataSource> {
  /** The known members; undefined when none are known. */
  async members(): Promise<readonly ID[] | undefined> {
    if (isBroadcastID(this.id)) return broadcastGroup(this.id).members;
    return this.source.loadMembers(this.id);
  }

  /** Robots that may manage the list and distribute messages. */
  async assistants(): Promise<readonly ID[]> {
    return isBroadcastID(this.id) ? [] : this.source.loadAssistants(this.id);
  }

  /** The member whose key made the group's meta; undefined when he is not among the known members. */
  async founder(): Promise<ID | undefined> {
    if (isBroadcastID(this.id)) return broadcastGroup(this.id).founder;
    const meta = await this.source.loadMeta(this.id);
    const members = await this.members();
    return meta && members && findFounder(meta, members, this.source, this.context);
  }

  /** Who decides about the list. Known of broadcast groups and of Polylogues, where it is the founder. */
  async owner(): Promise<ID | undefined> {
    return isBroadcastID(this.id) ? broadcastGroup(this.id).owner : undefined;
  }

  /** Whether a user is listed, or is the owner. */
  async isMember(user: ID): Promise<boolean> {
    const members = (await this.members()) ?? [];
    return members.some(member => equalID(member, user)) || this.isOwner(user);
  }

  async isOwner(user: ID): Promise<boolean> {
    const owner = await this.owner();
    return owner !== undefined && equalID(owner, user);
  }
}

/** A small group of friends. Its owner is its founder. */
export class Polylogue extends Group {
  override async owner(): Promise<ID | undefined> {
    return isBroadcastID(this.id) ? super.owner() : this.founder();
  }

  /** By the user's own meta, so that the owner is known even when the members are not. */
  override async isOwner(user: ID): Promise<boolean> {
    if (isBroadcastID(this.id)) return super.isOwner(user);
    const meta = await this.source.loadMeta(this.id);
    return meta !== undefined && (await findFounder(meta, [user], this.source, this.context)) !== undefined;
  }
}

/** Whoever runs stations; they are its members. */
export class ServiceProvider extends Group {}

/**
 * The one among these users whose meta key made a group's meta. A user whose meta is not here is simply
 * not the founder.
 */
export async function findFounder(
  groupMeta: Verified<Meta>,
  users: readonly ID[],
  source: Pick<EntityDataSource, 'loadMeta'>,
  context: Pick<IdentityContext, 'metas'>,
): Promise<ID | undefined> {
  for (const user of users) {
    const meta = await source.loadMeta(user);
    if (meta !== undefined && (await matchMetaKey(groupMeta, meta.key, context))) return user;
  }
  return undefined;
}
