import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'crypto-node', rootDir: import.meta.dirname };
