import { beforeEach, describe, expect, it } from '@jest/globals';
import { Session } from '../../src/agent/session.js';
import { Peer } from './kit.js';

const hulk = 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj';
const moki = 'moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk';

describe.each(['portable', 'node'] as const)('with %s crypto', driver => {
  let a: Peer;
  let b: Peer;

  beforeEach(async () => {
    a = new Peer({ session: new Session(driver) });
    b = new Peer({ session: new Session(driver) });
    await a.ask('install_immortals');
    await b.ask('install_immortals');
  });

  describe('files', () => {
    const file = { type: 16, sn: 1, filename: 'a.txt', data: 'AAEC' };

    it('go inside their message while the CDN is off, as it is at first', async () => {
      const message = await a.ask('pack', { sender: hulk, receiver: moki, content: file });
      expect(await b.ask('unpack', { message, as: moki })).toEqual(file);
      expect(await a.ask('cdn_list')).toEqual([]);
    });

    it('go by the CDN while it is on', async () => {
      expect(await a.ask('cdn', { mode: 'on' })).toBe(true);
      const packed = await a.ask('pack', { sender: hulk, receiver: moki, content: file, stages: true });
      const [url] = await a.ask('cdn_list');
      const data = await a.ask('cdn_get', { url });
      expect(await a.ask('aes_decrypt', { key: packed.key, data })).toBe('AAEC');
      const { data: _, ...rest } = file;
      const unfetched = { ...rest, URL: url, password: packed.key };
      expect(await b.ask('unpack', { message: packed.reliable, as: moki })).toEqual(unfetched);
      await b.ask('cdn', { mode: 'on' });
      expect(await b.ask('unpack', { message: packed.reliable, as: moki })).toEqual(unfetched);
      expect(await b.ask('cdn_put', { url, data })).toBe(true);
      const fetched = { ...file, filename: 'b95f67f61ebb03619622d798f45fc2d3.txt' };
      expect(await b.ask('unpack', { message: packed.reliable, as: moki })).toEqual(fetched);
    });

    it('that are not there are null', async () => {
      expect(await a.ask('cdn_get', { url: 'http://nowhere.test/' })).toBeNull();
      expect(await a.refuse('cdn', { mode: 'maybe' })).toBe('ERR_PARSE');
    });
  });
});
