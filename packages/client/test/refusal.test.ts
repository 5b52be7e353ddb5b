import type { JsonObject } from '@dimp/crypto';
import { createReceipt } from '@dimp/sdk';
import { describe, expect, it } from '@jest/globals';
import { isReceiptFor, refusalOf } from '../src/websocket/refusal.js';

const receipt = (extra: JsonObject, text = 'no') => createReceipt(text, undefined, { extra });
const mark = { sender: 'a@b', receiver: 'c@d', time: 5, signature: 'c2ln' };

describe('a receipt', () => {
  it('refuses when it has a code', () => {
    expect(refusalOf(receipt({}))).toBeUndefined();
    expect(refusalOf(receipt({ code: null }))).toBeUndefined();
    expect(refusalOf(receipt({ code: 'ERR_STATION_BLOCKED' }))).toMatchObject({
      message: 'no',
      code: 'ERR_STATION_BLOCKED',
      isFinal: true,
    });
    expect(refusalOf(receipt({ code: 'ERR_X' }, ''))?.message).toBe('The station refused the message.');
  });

  it.each<[JsonObject, object]>([
    [{ code: 'ERR_STATION_STORAGE' }, { isFinal: false }],
    [
      { code: 'ERR_X', retry_after: 0 },
      { isFinal: false, retryAfter: 0 },
    ],
    [
      { code: 'ERR_X', retry_after: 1e12 },
      { isFinal: false, retryAfter: 86_400 },
    ],
    [{ code: 'ERR_X', retry_after: -1 }, { isFinal: true }],
    [{ code: 'ERR_X', retry_after: 'soon' }, { isFinal: true }],
    [{ code: 'rm -rf' }, { code: 'ERR_TRANSPORT', isFinal: true }],
    [{ code: 7 }, { code: 'ERR_TRANSPORT', isFinal: true }],
  ])('with %j', (extra, expected) => {
    expect(refusalOf(receipt(extra))).toMatchObject(expected);
  });

  it('is for the package whose signature it names, wherever it does', () => {
    expect(isReceiptFor(receipt({ signature: 'c2ln' }), mark)).toBe(true);
    expect(isReceiptFor(receipt({ origin: { signature: 'c2ln' } }), mark)).toBe(true);
    expect(isReceiptFor({ ...receipt({}), envelope: { signature: 'c2ln' } }, mark)).toBe(true);
    expect(isReceiptFor(receipt({ signature: 'other' }), mark)).toBe(false);
    for (const origin of [null, 5, 'c2ln', []]) expect(isReceiptFor(receipt({ origin }), mark)).toBe(false);
  });

  it('is for that of its sender, receiver and time, when it names none', () => {
    const quoted = { ...receipt({}), sender: 'a@b', receiver: 'c@d', time: 5 };
    expect(isReceiptFor(quoted, mark)).toBe(true);
    expect(isReceiptFor({ ...quoted, time: 6 }, mark)).toBe(false);
    expect(isReceiptFor({ ...quoted, receiver: 'x@y' }, mark)).toBe(false);
    expect(isReceiptFor(receipt({}), mark)).toBe(false);
  });
});
