import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A package that applications import. */
export interface PublicPackage {
  readonly name: string;
  /** What can be imported of it: `@dimp/crypto`, `@dimp/crypto/rsa`. */
  readonly entries: readonly string[];
}

/** The packages this one depends on, with the entries that their manifests show; those for tests left out. */
export function listPublicPackages(): readonly PublicPackage[] {
  const { dependencies } = readManifest('@dimp/bench');
  return Object.keys(dependencies ?? {})
    .filter(name => name.startsWith('@dimp/'))
    .map(name => ({
      name,
      entries: Object.keys(readManifest(name).exports ?? {})
        .filter(path => !/^\.\/(package\.json|conformance|test-users)$/.test(path))
        .map(path => name + path.slice(1)),
    }));
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

function readManifest(name: string): Manifest {
  const path =
    name === '@dimp/bench'
      ? new URL('../package.json', import.meta.url)
      : require.resolve(`${name}/package.json`);
  return JSON.parse(readFileSync(path, 'utf8'));
}
