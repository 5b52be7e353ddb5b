import { interleave, type Work } from '../interleave.js';
import { type Peer, peerPackage } from '../peers.js';
import { type Row, timeRow } from '../row.js';
import { type Scope, sizeName } from '../suite.js';

/**
 * The rows of the peers. What stands in place of a floor is our own time, taken in turns with theirs, so that
 * the ratio says how many times as long they take. One that fails is reported, and the next is measured.
 */
export async function* peerRows(
  suite: 'pack' | 'unpack',
  text: string,
  ours: Work,
  scope: Scope,
): AsyncGenerator<Row> {
  for (const peer of scope.peers) {
    const name = `${peer.name} over native RSA-1024 ${sizeName(text.length)}`;
    try {
      yield await peerRow({ suite, name }, peer, text, ours, scope);
    } catch (error) {
      scope.failed(`${suite}, ${name}`, error);
    }
  }
}

async function peerRow(
  row: { readonly suite: 'pack' | 'unpack'; readonly name: string },
  peer: Peer,
  text: string,
  ours: Work,
  scope: Scope,
): Promise<Row> {
  const data = await peerPackage(peer, text);
  const theirs: Work = row.suite === 'pack' ? () => peer.pack(text) : () => peer.unpack(data);
  const times = await interleave({ ours, theirs }, scope);
  return timeRow({ ...row, times: times.theirs, floor: times.ours });
}
