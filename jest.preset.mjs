/** Milliseconds: machines are shared, and a test that hangs still ends. */
export const testTimeout = 60_000;

/** What every package's tests share: native ESM, and sources instead of builds through the private condition. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@dimp/source', 'node', 'node-addons'] },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  setupFiles: [`${import.meta.dirname}/packages/tooling/src/jest-setup.mjs`],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  coverageProvider: 'babel',
  testTimeout,
};
