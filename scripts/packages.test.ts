import { glob, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

interface Entry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const json = async (file: string): Promise<unknown> =>
  JSON.parse(await readFile(resolve(import.meta.dirname, '..', file), 'utf8'));

describe('package.json and its lock', () => {
  it('pin every dependency exactly', async () => {
    const { dependencies, devDependencies } = (await json('package.json')) as Record<string, Record<string, string>>;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('name no runtime dependency that nothing imports', async () => {
    const { dependencies } = (await json('package.json')) as Record<string, Record<string, string>>;
    const imported = new Set<string>();
    const cwd = resolve(import.meta.dirname, '..');
    for await (const file of glob('{main.ts,{contracts,modules,authorizer,service/src}/**/*.ts}', { cwd }))
      for (const [, name = ''] of (await readFile(resolve(cwd, file), 'utf8')).matchAll(
        /(?:from|import\()\s*'((?:@[\w-]+\/)?[\w.-]+)/g,
      ))
        imported.add(name);
    expect(Object.keys(dependencies ?? {}).filter((name) => !imported.has(name))).toEqual([]);
  });

  // `npm ci` refuses a lock without the packages of other platforms, which an incomplete registry mirror leaves out.
  it('lock the optional packages of every platform', async () => {
    const { packages } = (await json('package-lock.json')) as { packages: Record<string, Entry> };
    const locked = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
    const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(optional.length).toBeGreaterThan(0);
    expect(optional.filter((name) => !locked.has(name))).toEqual([]);
  });
});
