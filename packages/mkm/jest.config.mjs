import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'mkm', rootDir: import.meta.dirname };
