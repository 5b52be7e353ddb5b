import { NotFoundError, type Verified } from '@dimp/crypto';
import type { IdentityContext } from './context.js';
import type { EntityDataSource } from './data-source.js';
import type { ID } from './id.js';
import type { Meta } from './meta.js';
import { type Profile, profileName } from './profile.js';

/** Somebody or something with an ID. It holds nothing: what it is asked, its data source answers. */
export class Entity<Source extends EntityDataSource = EntityDataSource> {
  readonly id: ID;
  readonly #source: Source;
  readonly #context: IdentityContext;

  constructor(id: ID, source: Source, context: IdentityContext) {
    this.id = id;
    this.#source = source;
    this.#context = context;
  }

  protected get source(): Source {
    return this.#source;
  }

  protected get context(): IdentityContext {
    return this.#context;
  }

  /** @throws {NotFoundError} when the meta is not here yet */
  async meta(): Promise<Verified<Meta>> {
    const meta = await this.#source.loadMeta(this.id);
    if (meta === undefined)
      throw new NotFoundError('meta', this.id.text, 'ask the station for it and try again.');
    return meta;
  }

  async profile(): Promise<Verified<Profile> | undefined> {
    return this.#source.loadProfile(this.id);
  }

  /** What to show to people: the profile's name if it is not empty, else the one in the ID. */
  async name(): Promise<string> {
    const profile = await this.profile();
    return (profile && profileName(profile)) || this.id.name;
  }
}
