/**
 * Jest's environment of Node, with one realm for all test files of a worker instead of one for each, so that what packages export
 * can be shared: a class of one realm is not that of another. Globals and the process's variables begin anew with each file.
 */
import { type Context, runInContext } from 'node:vm';
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { ModernFakeTimers } from '@jest/fake-timers';
import { TestEnvironment as NodeEnvironment } from 'jest-environment-node';
import { ModuleMocker } from 'jest-mock';
import { type Kept, keep } from './kept.ts';

interface Realm {
  readonly node: InstanceType<typeof NodeEnvironment>;
  readonly context: Context;
  readonly globals: Kept;
  /** The process, its variables and its listeners. */
  readonly process: readonly Kept[];
}

let realm: Realm | undefined;

const open = (config: JestEnvironmentConfig, context: EnvironmentContext): Realm => {
  const node = new NodeEnvironment(config, context);
  const { process } = node.global;
  if (node.context === null) throw new Error('the environment has no context');
  const listeners: unknown = Reflect.get(process, '_events');
  const parts = [process, process.env, ...(typeof listeners === 'object' && listeners !== null ? [listeners] : [])];
  return { node, context: node.context, globals: keep(node.global), process: parts.map(keep) };
};

/** Runs what loads a package: what it adds to the globals stays, because it is not run a second time. */
export const addingGlobals = <T>(load: () => T): T => (realm === undefined ? load() : realm.globals.adding(load));

export default class OneRealm {
  /** As the types of mocks and timers want it: jest has two of the same. */
  readonly global: typeof globalThis;
  readonly moduleMocker: ModuleMocker;
  readonly fakeTimers = null;
  readonly fakeTimersModern: ModernFakeTimers;
  readonly #realm: Realm;

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    realm ??= open(config, context);
    for (const part of [realm.globals, ...realm.process]) part.restore();
    this.#realm = realm;
    this.global = runInContext('globalThis', realm.context);
    this.moduleMocker = new ModuleMocker(this.global);
    this.fakeTimersModern = new ModernFakeTimers({ config: config.projectConfig, global: this.global });
  }

  async setup(): Promise<void> {}

  async teardown(): Promise<void> {
    this.fakeTimersModern.dispose();
  }

  exportConditions(): string[] {
    return this.#realm.node.exportConditions();
  }

  getVmContext(): Context {
    return this.#realm.context;
  }
}
