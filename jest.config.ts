import { join } from 'node:path';
import process from 'node:process';
import type { Config } from 'jest';

// For the programs that tests start. Node keeps what it compiled: half of a service's start. Terraform and its provider
// collect garbage less often, a quarter of their time, until they hold what they need anyway.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/countersign/compiled');
process.env.GOGC ??= '300';
process.env.GOMEMLIMIT ??= '350MiB';

const transform: Config['transform'] = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: { target: 'es2024', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    },
  ],
};

/** One project a kind of test, so that CI can name what failed and a developer can run one kind: `npm test -- --selectProjects unit`. */
const project = (displayName: string, testMatch: string[]): Config => ({
  displayName,
  testMatch,
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: '<rootDir>/scripts/test-realm/environment.ts',
  runtime: '<rootDir>/scripts/test-realm/runtime.ts',
  setupFiles: ['<rootDir>/service/test/realm.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/cdktf.out/'],
});

const config: Config = {
  projects: [
    project('unit', [
      '<rootDir>/{contracts,authorizer,scripts}/**/*.test.ts',
      '<rootDir>/modules/**/*.test.ts',
      '<rootDir>/service/src/**/*.test.ts',
    ]),
    project('platform', ['<rootDir>/proof/platform/**/*.test.ts']),
    project('stores', ['<rootDir>/service/test/stores/**/*.test.ts']),
    project('stories', ['<rootDir>/service/test/stories/**/*.test.ts']),
    project('estate', ['<rootDir>/service/test/estate/**/*.test.ts']),
    project('faults', ['<rootDir>/service/test/faults/**/*.test.ts']),
    project('attack', ['<rootDir>/service/test/attack/**/*.test.ts']),
    project('browser', ['<rootDir>/service/test/browser/**/*.test.ts']),
    project('cutover', ['<rootDir>/proof/cutover/**/*.test.ts']),
    project('conformance', ['<rootDir>/service/test/conformance/**/*.test.ts']),
  ],
  // One more than the processors of the machine the goal is for, because much of what runs waits: for terraform's provider, for
  // servers to start and for leases to end.
  maxWorkers: 3,
  // V8 keeps what it compiled, and with it all that a test file imported: ten megabytes a file that no collection frees, and that each
  // one walks. New workers take about as much processor time, and half the memory.
  workerIdleMemoryLimit: '400MB',
  globalSetup: '<rootDir>/scripts/test-forks.ts',
  testSequencer: '<rootDir>/scripts/test-sequencer.ts',
  testTimeout: 60_000,
};

export default config;
