import { describe, expect, it } from '@jest/globals';
import { bundle } from './browser/chromium.js';

describe('what a browser loads', () => {
  it('has no ws in it, and nothing of Node', async () => {
    const text = await bundle('page.ts');
    expect(text).toContain('Hello world!');
    expect(text).toContain('new WebSocket(');
    expect(text).not.toMatch(/Sec-WebSocket|maxPayload|perMessageDeflate|require\("|from "node:/);
  }, 30_000);
});
