import { build } from '../build.mjs';

export const title = 'build';

/** Every package builds; what has not changed is checked again and left as it is. */
export function check() {
  return build();
}
