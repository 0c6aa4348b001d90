/**
 * Jest's runtime, which loads packages once a worker and not once a test file. What a test file imports of the repository is
 * its own, as ever. Compiling and running the packages of the service took a fifth of the time of its tests.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Module } from 'node:vm';
import type * as jestRuntime from 'jest-runtime';
import { addingGlobals } from './environment.ts';

// Its types are those of its CommonJS; what an import gets has another shape.
const { default: Runtime }: typeof jestRuntime.default = createRequire(import.meta.url)('jest-runtime');

/**
 * A path below node_modules. cdktf and what builds on it stay a test file's own: they keep all that was ever built in a table
 * of tokens.
 */
const isShared = (path: string): boolean => /\/node_modules\/(?!@cdktf\/|cdktf\/|constructs\/)/.test(path);

/** What it uses of jest's runtime and its types do not have. The version of jest is pinned. */
interface Parts {
  readonly registries: { esModuleRegistry: Map<string, Module>; moduleRegistry: Map<string, unknown> };
  readonly esmLoader: {
    /** A word where it cannot be loaded at once. */
    tryLoadGraphSync(path: string, suffix: string, mode: 'sync-preferred'): Module | string;
    buildCjsAsEsmSyntheticModule(from: string, path: string, context: object): Module;
  };
}

/** A registry that looks for packages elsewhere. jest asks it for each module before it loads one. */
class Registry<T> extends Map<string, T> {
  readonly #elsewhere: (key: string) => T | undefined;

  constructor(elsewhere: (key: string) => T | undefined) {
    super();
    this.#elsewhere = elsewhere;
  }

  override get(key: string): T | undefined {
    return super.get(key) ?? (isShared(key) ? this.#elsewhere(key) : undefined);
  }

  override has(key: string): boolean {
    return this.get(key) !== undefined;
  }
}

type Arguments = ConstructorParameters<typeof Runtime>;

/** Holds the packages, and lives as long as the worker. */
class Packages extends Runtime {
  readonly #parts: Parts;
  readonly #context: object;
  /** What jest must load in another way, for each file. */
  readonly #others = new Set<string>();

  constructor(...args: Arguments) {
    super(...args);
    this.#parts = partsOf(this);
    const context = args[1].getVmContext();
    if (context === null) throw new Error('the environment has no context');
    this.#context = context;
  }

  /** @param url of its file */
  asEsm(url: string): Module | undefined {
    return this.#parts.registries.esModuleRegistry.get(url) ?? this.#once(url, () => this.#loadEsm(url));
  }

  asCommonJs(path: string): unknown {
    const { moduleRegistry } = this.#parts.registries;
    return (
      moduleRegistry.get(path) ??
      this.#once(path, () => {
        this.requireModule(path);
        return moduleRegistry.get(path);
      })
    );
  }

  /** A package that fails fails again where jest loads it, with the importing file in its message. */
  #once<T>(key: string, load: () => T | undefined): T | undefined {
    if (this.#others.has(key)) return undefined;
    let loaded: T | undefined;
    try {
      loaded = addingGlobals(load);
    } catch {}
    if (loaded === undefined) this.#others.add(key);
    return loaded;
  }

  #loadEsm(url: string): Module | undefined {
    const { registries, esmLoader } = this.#parts;
    const path = fileURLToPath(url);
    if (path.endsWith('.json') || this.unstable_shouldLoadAsEsm(path)) {
      const loaded = esmLoader.tryLoadGraphSync(path, '', 'sync-preferred');
      return typeof loaded === 'string' ? undefined : loaded;
    }
    const module = esmLoader.buildCjsAsEsmSyntheticModule(path, path, this.#context);
    void module.evaluate();
    registries.esModuleRegistry.set(url, module);
    return module;
  }
}

const partsOf = (runtime: InstanceType<typeof Runtime>): Parts => ({
  registries: Reflect.get(runtime, 'registries'),
  esmLoader: Reflect.get(runtime, 'esmLoader'),
});

let packages: Packages | undefined;

export default class SharingRuntime extends Runtime {
  constructor(...args: Arguments) {
    // Before the file's own runtime, which tells the process's object where its modules come from.
    const [config, environment, resolver, transformer, , coverage, path, global] = args;
    packages ??= new Packages(config, environment, resolver, transformer, new Map(), coverage, path, global);
    const shared = packages;
    super(...args);
    const { registries } = partsOf(this);
    registries.esModuleRegistry = new Registry((url) => (/^file:[^?#]*$/.test(url) ? shared.asEsm(url) : undefined));
    registries.moduleRegistry = new Registry((name) => (name.startsWith('/') ? shared.asCommonJs(name) : undefined));
  }
}
