/** Bundles the Lambda functions into dist/functions: a folder each, and the archive that Terraform uploads. `npm run build`. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { argv, stdout } from 'node:process';
import { build, type Plugin } from 'esbuild';
import { bundling, root } from './build.ts';
import { zip } from './zip.ts';

interface FunctionBundle {
  readonly entry: string;
  /** Files that it reads at run time, beside it. */
  readonly assets: readonly string[];
}

/** By the name of the folder and the archive. The handler is `<entry without .ts>.handler`. */
const functions: Readonly<Record<string, FunctionBundle>> = {
  authorizer: { entry: 'authorizer/handler.ts', assets: [] },
  service: { entry: 'service/src/start/lambda.ts', assets: ['service/src/web/countersign.css'] },
};

/** Error messages in fifty languages are half of a small bundle, and the time to load it is what a cold start costs. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: join(root, 'node_modules/zod/v4/locales'),
    }));
  },
};

const bundleFunction = async (outdir: string, { entry, assets }: FunctionBundle): Promise<void> => {
  await rm(outdir, { recursive: true, force: true });
  // The newest runtime of Lambda that the provider knows is nodejs22.x.
  await build({ ...bundling, entryPoints: [entry], outdir, target: 'node22', plugins: [englishOnly] });
  for (const asset of assets) await cp(join(root, asset), join(outdir, asset.split('/').at(-1) ?? asset));
  await writeFile(join(outdir, 'package.json'), '{"type":"module"}\n');
};

const archive = async (folder: string): Promise<Buffer> => {
  const names = await readdir(folder);
  return zip(
    new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const))),
  );
};

export interface BuiltFunction {
  /** The archive. */
  readonly file: string;
  readonly bytes: number;
}

/** Fills `<outdir>/<name>/` and `<outdir>/<name>.zip`. Rejects with esbuild's messages. */
export const bundleFunctions = async (outdir: string): Promise<BuiltFunction[]> => {
  await mkdir(outdir, { recursive: true });
  return Promise.all(
    Object.entries(functions).map(async ([name, bundle]) => {
      await bundleFunction(join(outdir, name), bundle);
      const file = join(outdir, `${name}.zip`);
      const content = await archive(join(outdir, name));
      await writeFile(file, content);
      return { file, bytes: content.length };
    }),
  );
};

if (import.meta.main)
  for (const { file, bytes } of await bundleFunctions(resolve(argv[2] ?? join(root, 'dist/functions'))))
    stdout.write(`${relative(root, file)}: ${(bytes / 1e6).toFixed(1)} MB\n`);
