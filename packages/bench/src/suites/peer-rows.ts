import { interleave, type Work } from '../interleave.js';
import { peerPackage } from '../peers.js';
import { type Row, timeRow } from '../row.js';
import { type Scope, sizeName } from '../suite.js';

/**
 * The rows of the peers. What stands in place of a floor is our own time, taken in turns with theirs, so that
 * the ratio says how many times as long they take.
 */
export async function peerRows(
  suite: 'pack' | 'unpack',
  text: string,
  ours: Work,
  scope: Scope,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const peer of scope.peers) {
    const data = await peerPackage(peer, text);
    const theirs: Work = suite === 'pack' ? () => peer.pack(text) : () => peer.unpack(data);
    const times = await interleave({ ours, theirs }, scope);
    const name = `${peer.name} over native RSA-1024 ${sizeName(text.length)}`;
    rows.push(timeRow({ suite, name, times: times.theirs, floor: times.ours }));
  }
  return rows;
}
