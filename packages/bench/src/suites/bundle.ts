import { bundle } from '../bundle.js';
import { listPublicPackages } from '../entries.js';
import type { Suite } from '../suite.js';

export const bundleSuite: Suite = {
  name: 'bundle',
  about: 'what a browser loads: bundled, minified, gzip (1 kB = 1,024 bytes)',
  async *run() {
    for (const [name, code] of Object.entries(pages())) {
      const { size, compressed } = await bundle(code);
      yield {
        suite: 'bundle',
        name,
        value: compressed / 1024,
        unit: 'kB',
        details: { minifiedBytes: size },
      };
    }
  },
};

/** Entries that no page can load. */
const needsNode = /^@dimp\/(crypto-node|station|store\/folder)(\/|$)/;

/** What pages of each kind import. */
function pages(): Readonly<Record<string, string>> {
  const packages = listPublicPackages();
  const all = packages.flatMap(({ entries }) => entries.filter(entry => !needsNode.test(entry)));
  const crypto = packages.flatMap(({ name, entries }) => (/\/(crypto|mkm)$/.test(name) ? entries : []));
  return {
    'crypto root': "export * from '@dimp/crypto';",
    'one algorithm: AES': "export { aes } from '@dimp/crypto/aes';",
    'one algorithm: RSA': "export { rsa } from '@dimp/crypto/rsa';",
    'one algorithm: ECC': "export { ecc } from '@dimp/crypto/ecc';",
    'crypto and mkm': reexport(crypto),
    'RSA-only personal client on core': rsaProtocol + coreClient,
    'RSA-only personal client on sdk': rsaProtocol + bareSdkClient,
    'everything a personal client needs, on core': `
      import { createProtocol } from '@dimp/core';
      import { defaultAsymmetric, defaultSymmetric } from '@dimp/crypto/defaults';
      import { defaultCommands, defaultContents } from '@dimp/dkd/defaults';
      import { defaultAddresses, defaultMetas } from '@dimp/mkm/defaults';
      export const protocol = createProtocol({
        asymmetric: defaultAsymmetric, symmetric: defaultSymmetric, addresses: defaultAddresses,
        metas: defaultMetas, contents: defaultContents, commands: defaultCommands,
      });
      ${coreClient}`,
    'everything a personal client needs, on sdk': `
      export { defaultProtocol } from '@dimp/sdk';
      ${sdkClient}`,
    'every export of every package': reexport(all),
  };
}

/** Every name under one of its own, since two packages may use one name. */
function reexport(entries: readonly string[]): string {
  return entries.map((entry, index) => `export * as entry${index} from '${entry}';`).join('\n');
}

/** What a client that keeps and sends everything itself imports. */
const coreClient = `
  export { Barrack, MemoryKeyStore, Transceiver, formatPackage, parsePackage } from '@dimp/core';
  export { createInstantMessage, createText } from '@dimp/dkd';
  export { createMetaID, generateMeta, signProfile } from '@dimp/mkm';`;

/** What a client with the machinery of the sdk imports. */
const sdkClient = `
  export { Facebook, MemoryArchive, Messenger, registerUser } from '@dimp/sdk';
  export { createText } from '@dimp/dkd';`;

/** The same without the protocol that holds every algorithm. */
const bareSdkClient = `
  export { BareFacebook, BareMessenger } from '@dimp/sdk/bare';
  export { MemoryArchive, registerUser } from '@dimp/sdk';
  export { createText } from '@dimp/dkd';`;

/** What texts between two people with RSA keys need. */
const rsaProtocol = `
  import { createProtocol } from '@dimp/core';
  import { aes } from '@dimp/crypto/aes';
  import { rsa } from '@dimp/crypto/rsa';
  import { commandContent, metaCommand, profileCommand, textContent } from '@dimp/dkd';
  import { btcAddress, broadcastAddress, mkmMeta } from '@dimp/mkm';
  export const protocol = createProtocol({
    asymmetric: [rsa],
    symmetric: [aes],
    addresses: [broadcastAddress, btcAddress],
    metas: [mkmMeta],
    contents: [textContent, commandContent],
    commands: [metaCommand, profileCommand],
  });`;
