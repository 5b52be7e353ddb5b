import { type ID, parseID } from '@dimp/mkm';
import { defaultAddresses } from '@dimp/mkm/defaults';
import { describe, expect, it } from '@jest/globals';
import { receiverKind } from '../src/receiver-kind.js';

const id = (text: string): ID => parseID(text, { addresses: defaultAddresses });
const station = id('gsp-s001@x77uVYBT1G48CLzW9iwe2dr5jhUNEM772G');

describe('receiverKind', () => {
  it.each([
    ['gsp-s001@x77uVYBT1G48CLzW9iwe2dr5jhUNEM772G', 'station'],
    ['gsp-s001@x77uVYBT1G48CLzW9iwe2dr5jhUNEM772G/phone', 'station'],
    ['station@anywhere', 'station'],
    ['Anyone@Anywhere', 'station'],
    ['everyone@everywhere', 'everybody'],
    ['stations@everywhere', 'everybody'],
    ['Archivist@anywhere', 'station'],
    ['announcer@anywhere', 'nobody'],
    ['everyone@anywhere', 'nobody'],
    ['anywhere', 'nobody'],
    ['hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj', 'user'],
    ['Group-1280719982@7oMeWadRw4qat2sL4mTdcQSDAqZSo7LH5G', 'group'],
  ])('of %s is %s', (text, kind) => {
    expect(receiverKind(id(text), station)).toBe(kind);
  });
});
