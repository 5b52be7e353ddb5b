import { describe, expect, it } from '@jest/globals';
import { AddressNameService, reservedNames } from '../src/address-name-service.js';
import { MemoryArchive } from '../src/memory-archive.js';
import { idOf, vectors } from './services-kit.js';

interface BuiltIn {
  readonly records: Readonly<Record<string, string>>;
  readonly reserved: readonly string[];
}
interface Sequence {
  readonly steps: readonly (readonly [op: 'save' | 'find' | 'names', subject: string, id?: string | null])[];
}

describe('the address name service', () => {
  for (const { name, out } of vectors<object, BuiltIn>('services', 'ans-builtin')) {
    it(name, async () => {
      const service = new AddressNameService(new MemoryArchive());
      const records = [...(await service.records())].map(([short, id]) => [short, id.text]);
      expect(Object.fromEntries(records)).toEqual(out.records);
      expect([...reservedNames].sort()).toEqual(out.reserved);
      expect(reservedNames).toHaveLength(104);
    });
  }

  for (const { name, in: given, out } of vectors<Sequence, { results: unknown[] }>(
    'services',
    'ans-sequence',
  )) {
    it(name, async () => {
      const service = new AddressNameService(new MemoryArchive());
      const results: unknown[] = [];
      for (const [op, subject, id] of given.steps) {
        if (op === 'find') results.push((await service.find(subject))?.text ?? null);
        else if (op === 'names') results.push(await service.names(idOf(subject)));
        else if (typeof id === 'string') results.push(await service.save(subject, idOf(id)));
        else results.push(await service.remove(subject));
      }
      expect(results).toEqual(out.results);
    });
  }

  it('keeps names in the archive', async () => {
    const archive = new MemoryArchive();
    await new AddressNameService(archive).save('hero', idOf('hulk'));
    expect((await new AddressNameService(archive).find('hero'))?.key).toBe(idOf('hulk').key);
  });

  it('tells all names of an ID, whatever its terminal, those built in among them', async () => {
    const service = new AddressNameService(new MemoryArchive());
    await service.save('green', idOf('hulk'));
    await service.save('hero', idOf(`${idOf('hulk').text}/phone`));
    expect(await service.names(idOf('hulk'))).toEqual(['green', 'hero']);
    expect(await service.names(idOf('anyone@ANYWHERE'))).toEqual(['anyone', 'owner']);
    expect(await service.names(idOf('moki'))).toEqual([]);
  });

  it('gives no reserved name away, and takes none', async () => {
    const archive = new MemoryArchive();
    const service = new AddressNameService(archive);
    expect(await service.save('root', idOf('hulk'))).toBe(false);
    expect(await service.remove('founder')).toBe(false);
    expect(await service.find('root')).toBeUndefined();
    expect((await service.find('founder'))?.text).toBe('moky@anywhere');
    // not even when somebody else put it into the archive
    archive.saveName('founder', idOf('hulk'));
    archive.saveName('root', idOf('hulk'));
    expect((await service.find('founder'))?.text).toBe('moky@anywhere');
    expect(await service.find('root')).toBeUndefined();
  });

  it('takes names that are members of every object', async () => {
    const service = new AddressNameService(new MemoryArchive());
    expect(await service.find('constructor')).toBeUndefined();
    expect(await service.save('__proto__', idOf('hulk'))).toBe(true);
    expect((await service.find('__proto__'))?.key).toBe(idOf('hulk').key);
  });
});
