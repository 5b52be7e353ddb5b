import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'e2e',
  rootDir: import.meta.dirname,
  globalSetup: `${import.meta.dirname}/test/programs/build.mjs`,
  globalTeardown: `${import.meta.dirname}/test/programs/remove.mjs`,
};
