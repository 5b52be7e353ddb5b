import { testTimeout } from './jest.preset.mjs';

/** One run over all packages, for coverage; `npm test` runs them one by one through turbo. */
export default {
  projects: ['<rootDir>/packages/*/jest.config.mjs'],
  collectCoverageFrom: ['packages/*/src/**/*.ts'],
  coverageProvider: 'babel',
  // of a single project it would not count
  testTimeout,
};
