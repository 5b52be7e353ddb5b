import { formatPackage, parsePackage } from '@dimp/core';
import { limits } from '@dimp/crypto';
import { createText } from '@dimp/dkd';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryRelay, registerGroup, type Transport } from '../src/index.js';
import { introduce, type Person, person, protocol, settled, write } from './kit.js';

let alice: Person;
let bob: Person;
let carol: Person;
beforeAll(async () => {
  [alice, bob, carol] = [await person('alice'), await person('bob'), await person('carol')];
  await introduce(alice, bob, carol);
});

/** What comes out at a transport. */
function inbox(transport: Transport): { readonly got: string[]; readonly stop: () => void } {
  const got: string[] = [];
  const stop = transport.subscribe(data => {
    const { receiver, group } = parsePackage(data, protocol).envelope;
    got.push(group === undefined ? receiver.name : `${receiver.name} in ${group.name}`);
  });
  return { got, stop };
}

async function packageTo(receiver: Person): Promise<Uint8Array> {
  return formatPackage(await write(alice, receiver.id, 'hello'));
}

describe('a relay', () => {
  it('keeps what comes for the absent until they are there', async () => {
    const relay = new MemoryRelay();
    const way = relay.connect(alice.id);
    await way.send(await packageTo(bob));
    await way.send(await packageTo(bob));
    await way.send(await packageTo(carol));
    await settled();
    const bobs = inbox(relay.connect(bob.id));
    expect(bobs.got).toEqual([]);
    await settled();
    expect(bobs.got).toEqual(['bob', 'bob']);
    const again = inbox(relay.connect(bob.id));
    await settled();
    expect(again.got).toEqual([]);
  });

  it('keeps what was on its way to somebody who went', async () => {
    const relay = new MemoryRelay();
    const bobs = inbox(relay.connect(bob.id));
    const sending = relay.connect(alice.id).send(await packageTo(bob));
    bobs.stop();
    await sending;
    await settled();
    expect(bobs.got).toEqual([]);
    const later = inbox(relay.connect(bob.id));
    await settled();
    expect(later.got).toEqual(['bob']);
  });

  it('splits what goes to a group by who has a key in it', async () => {
    const relay = new MemoryRelay();
    const [alices, bobs, carols] = [alice, bob, carol].map(({ id }) => inbox(relay.connect(id)));
    const { id: group } = await registerGroup(alice.facebook, { name: 'trio', members: [bob.id, carol.id] });
    const passed: Uint8Array[] = [];
    const stop = relay.watch(data => passed.push(data));
    const data = formatPackage(await write(alice, group, createText('hello', { group })));
    await relay.connect(alice.id).send(data);
    await settled();
    expect(alices?.got).toEqual([]);
    expect(bobs?.got).toEqual(['bob in trio']);
    expect(carols?.got).toEqual(['carol in trio']);
    expect(passed).toEqual([data]);
    stop();
    await relay.connect(alice.id).send(data);
    expect(passed).toHaveLength(1);
  });

  it('takes broadcasts to everybody who is there but the sender', async () => {
    const relay = new MemoryRelay();
    const [alices, bobs, carols] = [alice, bob, carol].map(({ id }) => inbox(relay.connect(id)));
    const message = await write(alice, alice.facebook.parseID('everyone@everywhere'), 'hello all');
    await relay.connect(alice.id).send(formatPackage(message));
    await settled();
    expect([alices?.got, bobs?.got, carols?.got]).toEqual([[], ['everyone'], ['everyone']]);
  });

  it('refuses what is too large or no package', async () => {
    const way = new MemoryRelay().connect(alice.id);
    const large = new Uint8Array(limits.packageBytes + 1);
    await expect(way.send(large)).rejects.toMatchObject({ code: 'ERR_TRANSPORT' });
    await expect(way.send(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'ERR_PARSE' });
  });
});
