/** A release's own code as one file of the repository: JSON, packed with Brotli. */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { z } from 'zod';
import { bundling } from '../../scripts/build.ts';

export const Release = z.object({
  /** Of package.json. */
  version: z.string(),
  /** It was built from. */
  commit: z.string(),
  /** Contents by name; `server.js` is the program. */
  files: z.record(z.string(), z.string()),
});
export type Release = z.infer<typeof Release>;

/**
 * Bundles the service's own code of a checkout; what it imports from node_modules stays there.
 * @param plugins change the code on its way
 */
export const ownCode = async (
  checkout: string,
  plugins: NonNullable<BuildOptions['plugins']> = [],
): Promise<string> => {
  const { metafile: _, splitting: __, chunkNames: ___, ...options } = bundling;
  const { outputFiles } = await build({
    ...options,
    absWorkingDir: checkout,
    entryPoints: ['service/src/start/server.ts'],
    packages: 'external',
    legalComments: 'none',
    write: false,
    outfile: 'server.js',
    plugins,
  });
  const [server] = outputFiles;
  if (server === undefined) throw new Error('esbuild wrote nothing');
  return server.text;
};

export const packed = (release: Release): Uint8Array =>
  brotliCompressSync(JSON.stringify(release), { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } });

export const unpacked = (bytes: Uint8Array): Release =>
  Release.parse(JSON.parse(brotliDecompressSync(bytes).toString()));
