/** @jest-environment-options {"customExportConditions": ["@dimp/source", "browser"]} */

import { describe, expect, it } from '@jest/globals';
import * as blocks from '#aes-blocks';
import * as base64 from '#base64';
import * as curve from '#ecc-curve';
import * as digest from '#sha256';
import * as portableBlocks from '../src/aes/blocks-portable.js';
import { aes } from '../src/aes/index.js';
import {
  aesVectors,
  eccVectors,
  keyFormatConformance,
  signatureConformance,
  symmetricConformance,
  type TestRunner,
} from '../src/conformance/index.js';
import * as portableDigest from '../src/digest/sha256-portable.js';
import * as portableCurve from '../src/ecc/curve-portable.js';
import { ecc } from '../src/ecc/index.js';
import * as portableBase64 from '../src/format/base64-portable.js';
import { aesVectorSuites } from './aes-vectors.js';

// modules resolve here as in bundles for browsers, so that nothing is left to Node but to run it
describe('what Node does elsewhere', () => {
  it('is portable code in this file', () => {
    expect(blocks.encryptBlocks).toBe(portableBlocks.encryptBlocks);
    expect(blocks.decryptBlocks).toBe(portableBlocks.decryptBlocks);
    expect({ ...base64 }).toEqual({ ...portableBase64 });
    expect({ ...curve }).toEqual({ ...portableCurve });
    expect({ ...digest }).toEqual({ ...portableDigest });
  });
});

aesVectorSuites();

const runner: TestRunner = { describe, it };

symmetricConformance(runner, { algorithm: aes, vectors: aesVectors });
keyFormatConformance(runner, { algorithm: aes });
signatureConformance(runner, { algorithm: ecc, vectors: eccVectors });
keyFormatConformance(runner, { algorithm: ecc });
