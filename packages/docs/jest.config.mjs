import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'docs', rootDir: import.meta.dirname };
