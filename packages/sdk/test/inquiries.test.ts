import { parseID } from '@dimp/mkm';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Inquiries } from '../src/inquiries.js';
import { protocol } from './kit.js';

afterEach(() => {
  jest.useRealTimers();
});

describe('Inquiries', () => {
  const moki = parseID('moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk', protocol);

  it('ask for each thing once, until it came or did not come in time', async () => {
    jest.useFakeTimers({ now: 0 });
    const asked: string[] = [];
    const inquiries = new Inquiries({ request: ({ what }) => void asked.push(what) }, 60);
    await inquiries.ask({ what: 'meta', id: moki });
    await inquiries.ask({ what: 'meta', id: moki });
    await inquiries.ask({ what: 'profile', id: moki });
    expect(asked).toEqual(['meta', 'profile']);
    inquiries.arrived({ what: 'meta', id: moki });
    await inquiries.ask({ what: 'meta', id: moki });
    expect(asked).toEqual(['meta', 'profile', 'meta']);
    jest.setSystemTime(60_000);
    await inquiries.ask({ what: 'profile', id: moki });
    expect(asked).toEqual(['meta', 'profile', 'meta', 'profile']);
  });

  it('ask again at once when asking failed, and nobody when there is nobody to ask', async () => {
    let calls = 0;
    const failing = new Inquiries({
      async request() {
        calls++;
        throw new Error('no connection');
      },
    });
    for (const _ of [1, 2]) {
      await expect(failing.ask({ what: 'meta', id: moki })).rejects.toThrow('no connection');
    }
    expect(calls).toBe(2);
    await expect(new Inquiries(undefined).ask({ what: 'meta', id: moki })).resolves.toBeUndefined();
  });
});
