import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'dkd', rootDir: import.meta.dirname };
