import { describe, expect, it } from '@jest/globals';
import { isLocal } from '../src/http/local.js';
import { sendJson } from '../src/http/reply.js';
import { serve } from './http-kit.js';

async function ask(headers: Record<string, string>): Promise<unknown> {
  const url = await serve((request, response) => sendJson(response, 200, { local: isLocal(request) }));
  return await (await fetch(url, { headers })).json();
}

describe('a request of this machine', () => {
  it('is one without headers of a proxy', async () => {
    expect(await ask({ 'x-request-id': '1' })).toEqual({ local: true });
  });

  it.each(['Forwarded', 'Via', 'X-Real-IP', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host'])(
    'is none that a proxy passed on with %s, whatever it says',
    async name => {
      expect(await ask({ [name]: '127.0.0.1' })).toEqual({ local: false });
      expect(await ask({ [name]: '' })).toEqual({ local: false });
    },
  );
});
