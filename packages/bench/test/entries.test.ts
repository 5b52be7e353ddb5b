import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { listPublicPackages } from '../src/entries.js';
import { importedOf } from '../src/suites/import.js';

describe('listPublicPackages', () => {
  const packages = listPublicPackages();

  it('knows every package of this workspace that is published', () => {
    const folder = new URL('../../', import.meta.url);
    const published = readdirSync(folder)
      .map(name => JSON.parse(readFileSync(new URL(`${name}/package.json`, folder), 'utf8')))
      .filter(manifest => manifest.private !== true);
    expect(packages.map(({ name }) => name).toSorted()).toEqual(published.map(({ name }) => name).toSorted());
  });

  it('gives what can be imported of each, without what is for tests', () => {
    const entries = packages.flatMap(pack => pack.entries);
    expect(entries).toEqual(expect.arrayContaining(['@dimp/crypto', '@dimp/crypto/rsa', '@dimp/sdk/bare']));
    expect(entries.filter(entry => /json|conformance|test-users/.test(entry))).toEqual([]);
  });

  it('is imported by name, or by its entries where there is nothing under the name', () => {
    const imported = packages.flatMap(importedOf);
    expect(imported).toEqual(expect.arrayContaining(['@dimp/crypto', '@dimp/client/websocket']));
    expect(imported).not.toContain('@dimp/crypto/rsa');
    expect(imported).not.toContain('@dimp/client');
  });
});
