import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'station', rootDir: import.meta.dirname };
