import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'crypto-web', rootDir: import.meta.dirname };
