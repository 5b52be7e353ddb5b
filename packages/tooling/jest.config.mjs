import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'tooling', rootDir: import.meta.dirname };
