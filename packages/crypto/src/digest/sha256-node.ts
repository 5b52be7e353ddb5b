/** What is used of Node here; its types are not asked for, since everything else must do without Node. */
declare const process: {
  getBuiltinModule(name: 'node:crypto'): {
    hash(algorithm: 'sha256', data: Uint8Array, outputEncoding: 'buffer'): Uint8Array;
  };
};

const { hash } = /* @__PURE__ */ process.getBuiltinModule('node:crypto');

/** SHA-256 of the platform: twice as fast as the portable one for 64 bytes, ten times for 10 kB. */
export function digest(data: Uint8Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = hash('sha256', data, 'buffer');
  return new Uint8Array(buffer, byteOffset, byteLength);
}
