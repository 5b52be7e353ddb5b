import { describe, expect, it } from '@jest/globals';
import { TransferSlots } from '../src/files/transfer-slots.js';

function codeOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return (error as { readonly code?: unknown }).code;
  }
  return undefined;
}

/** Takes all that an address gets. */
function takeAll(slots: TransferSlots, address: string): (() => void)[] {
  const taken: (() => void)[] = [];
  while (codeOf(() => taken.push(slots.take(address))) === undefined);
  return taken;
}

describe('transfer slots', () => {
  it('are never all taken by one address, however many it has', () => {
    const slots = new TransferSlots(100);
    expect(takeAll(slots, '192.0.2.1').length).toBe(50);
    expect(codeOf(() => slots.take('::ffff:192.0.2.1'))).toBe('ERR_STATION_HTTP_429');
    expect(takeAll(slots, '2001:db8::1').length).toBe(25);
    expect(codeOf(() => slots.take('2001:db8::2'))).toBe('ERR_STATION_HTTP_429');
    for (let i = 3; slots.count < 100; i++) slots.take(`192.0.2.${i}`);
    expect(codeOf(() => slots.take('198.51.100.1'))).toBe('ERR_STATION_HTTP_503');
  });

  it('are there again when they are given back', () => {
    const slots = new TransferSlots(4);
    for (let round = 0; round < 3; round++) {
      const taken = takeAll(slots, '192.0.2.1');
      expect(taken.length).toBe(2);
      for (const giveBack of taken) giveBack();
      expect(slots.count).toBe(0);
    }
  });

  it('are one at least', () => {
    const slots = new TransferSlots(1);
    const giveBack = slots.take(undefined);
    expect(codeOf(() => slots.take(undefined))).toBe('ERR_STATION_HTTP_503');
    giveBack();
    expect(slots.count).toBe(0);
  });
});
