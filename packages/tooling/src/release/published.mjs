import { isWithin } from './versions.mjs';

/** @import { Packument } from './registry.mjs' */

/**
 * What a registry has of our packages, by name.
 *
 * @typedef {ReadonlyMap<string, Packument>} Published
 */

/**
 * What nobody could install: a published version that asks for one of ours that is not there, or does so with
 * something else than a caret and a version.
 *
 * @param {Published} published
 * @returns {readonly string[]} none when all is consistent
 */
export function findInconsistent(published) {
  return [...published].flatMap(([name, { versions }]) =>
    Object.entries(versions).flatMap(([version, { dependencies = {} }]) =>
      Object.entries(dependencies)
        .filter(([needed, range]) => {
          const there = published.get(needed);
          return there !== undefined && !Object.keys(there.versions).some(found => isWithin(found, range));
        })
        .map(([needed, range]) => `${name}@${version} asks for ${needed} ${range}, which is not published`),
    ),
  );
}

/**
 * Every published version with the checksum of its tarball, one a line: what was published before must stay as it is.
 *
 * @param {Published} published
 * @returns {readonly string[]}
 */
export function listPublished(published) {
  return [...published]
    .flatMap(([name, { versions }]) =>
      Object.entries(versions).map(([version, { dist }]) => `${name}@${version} ${dist.shasum}`),
    )
    .sort();
}
