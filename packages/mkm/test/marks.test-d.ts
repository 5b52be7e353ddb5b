// checked by tsc alone: what is verified loses its mark as soon as it is changed
import type { Verified } from '@dimp/crypto';
import type { EntityDataSource, ID, Meta, Profile } from '../src/index.js';

declare const meta: Verified<Meta>;
declare const profile: Verified<Profile>;
declare const unchecked: Meta;
declare const id: ID;

declare function takeMeta(meta: Verified<Meta>): void;
declare function takeProfile(profile: Verified<Profile>): void;

takeMeta(meta);
takeProfile(profile);

// @ts-expect-error a meta that was only read
takeMeta(unchecked);
// @ts-expect-error a copy
takeMeta({ ...meta });
// @ts-expect-error a changed copy
takeProfile({ ...profile, data: '{}' });
// @ts-expect-error the mark of another thing
takeProfile(meta);

// @ts-expect-error values are readonly
meta.seed = 'x';
// @ts-expect-error so are IDs
id.name = 'x';

/** A source gives checked metas only. */
export const source: EntityDataSource = {
  // @ts-expect-error a meta that was only read
  loadMeta: () => unchecked,
  loadProfile: () => Promise.resolve(profile),
};
