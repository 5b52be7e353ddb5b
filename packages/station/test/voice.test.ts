import { createText } from '@dimp/dkd';
import { expect, it } from '@jest/globals';
import { Client, newAccount, newPerson, startInbound } from './inbound-kit.js';
import { until } from './socket-kit.js';

it('a connection whose answers are not read is closed', async () => {
  const account = await newAccount();
  const alice = await newPerson('alice', { knows: account });
  const answer = createText('x'.repeat(1_000_000));
  const limits = { bufferedBytes: 65_536 };
  const host = await startInbound(account, { limits, desk: async () => ({ contents: [answer] }) });
  const client = await Client.connect(alice, host);
  await client.logIn();
  expect(host.sessions.ofUser(alice.id)).toHaveLength(1);
  client.web.socket.pause();
  for (let i = 0; i < 40; i++) await client.send(createText(`${i}`));
  await until(() => host.sessions.ofUser(alice.id).length === 0);
  expect(host.asked.length).toBeLessThan(40);
});
