import { type AccountKeys, generateKeys } from '../accounts.js';
import type { Row } from '../row.js';
import { loadSide } from '../sides.js';
import { type Scope, sizeName } from '../suite.js';
import { createWorld, type World } from '../world.js';

/** One choice of cryptography, accounts and text. */
export interface WorldCase {
  readonly world: World;
  readonly text: string;
  /** `native RSA-1024 100 B` */
  readonly name: string;
  /** Whether the peers do this work too. */
  readonly withPeers: boolean;
}

/** Measures in the worlds of a scope, one after another. */
export async function* eachWorld(
  scope: Scope,
  measure: (worldCase: WorldCase) => AsyncIterable<Row>,
): AsyncGenerator<Row> {
  for (const kind of scope.accounts) {
    const [alice, bob] = await generatePair(kind);
    for (const sideName of scope.sides) {
      const world = await createWorld(await loadSide(sideName), alice, bob);
      for (const size of scope.sizes) {
        const name = `${sideName} ${kind} ${sizeName(size)}`;
        const withPeers = sideName === 'native' && kind === 'RSA-1024';
        yield* measure({ world, text: 'x'.repeat(size), name, withPeers });
      }
    }
  }
}

function generatePair(kind: Scope['accounts'][number]): Promise<[AccountKeys, AccountKeys]> {
  return Promise.all([generateKeys(kind), generateKeys(kind)]);
}
