/**
 * Bundles the service into dist/: one entry, a chunk for each part that is imported when needed, and the files those
 * parts read. dist/ needs no node_modules. `npm run build`.
 */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { argv, stdout } from 'node:process';
import { type BuildOptions, build } from 'esbuild';

export const root = resolve(import.meta.dirname, '..');
const pglite = 'node_modules/@electric-sql/pglite/dist';

/** Read at run time through import.meta.url, which in the bundle means beside it. */
const assets = [
  `${pglite}/pglite.wasm`,
  `${pglite}/pglite.data`,
  `${pglite}/initdb.wasm`,
  'service/src/web/countersign.css',
] as const;

// CommonJS dependencies call require for Node's own modules, which an ES module has not got.
const requireForCommonJs = "import{createRequire as c$r}from'node:module';const require=c$r(import.meta.url);";

/** What every bundle is made with. */
export const bundling = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  chunkNames: '[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  // oidc-provider stores artifacts under the names of their classes.
  keepNames: true,
  metafile: true,
  legalComments: 'linked',
  banner: { js: requireForCommonJs },
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'error',
} as const satisfies BuildOptions;

export interface Built {
  /** Bytes of all JavaScript. */
  readonly bytes: number;
  /** Modules that the bundle still imports from outside, besides Node's own. */
  readonly outside: readonly string[];
}

/** Empties `outdir` and fills it. Rejects with esbuild's messages. */
export const bundle = async (outdir: string): Promise<Built> => {
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    ...bundling,
    entryPoints: ['service/src/start/server.ts'],
    outdir,
    sourcemap: true,
  });
  await mkdir(outdir, { recursive: true });
  for (const asset of assets) await cp(join(root, asset), join(outdir, asset.split('/').at(-1) ?? asset));
  // The bundle is ES modules wherever it lies.
  await writeFile(join(outdir, 'package.json'), '{"type":"module"}\n');
  const outputs = Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.js'));
  return {
    bytes: outputs.reduce((sum, [, output]) => sum + output.bytes, 0),
    outside: [...new Set(outputs.flatMap(([, output]) => output.imports.filter((i) => i.external).map((i) => i.path)))],
  };
};

if (import.meta.main) {
  const outdir = resolve(argv[2] ?? join(root, 'dist'));
  const { bytes } = await bundle(outdir);
  stdout.write(`${relative(root, outdir)}: ${(bytes / 1e6).toFixed(1)} MB of JavaScript\n`);
}
