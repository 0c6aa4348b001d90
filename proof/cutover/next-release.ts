/**
 * The releases after this one, as edits of this one's code. A member joins what an approval is bound to: the first reads it, the next
 * writes it (docs/adr/0027-two-versions-one-store.md). The next also keeps one more column and writes one more kind of audit record.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A form of approval hashes that covers one member more. */
const readsHash: Edit = {
  file: 'service/src/operations/hash.ts',
  find: 'new Map([[2, second]])',
  replace: `new Map([
    [2, second],
    [3, (operation) => ({ ...second(operation), plannedBy: (operation as { plannedBy?: string }).plannedBy })],
  ])`,
};

const writes: readonly Edit[] = [
  { file: 'service/src/operations/hash.ts', find: 'WRITTEN_FORM = 2', replace: 'WRITTEN_FORM = 3' },
  {
    file: 'service/src/operations/operation.ts',
    find: 'idempotencyKey: z.string().optional(),',
    replace: 'idempotencyKey: z.string().optional(), plannedBy: z.string().optional(),',
  },
  {
    file: 'service/src/operations/submit.ts',
    find: 'idempotencyKey: submission.idempotencyKey,',
    replace: "idempotencyKey: submission.idempotencyKey, plannedBy: 'next',",
  },
  {
    file: 'contracts/core-tables/operations.ts',
    find: 'idempotencyKey: optionalString,',
    replace: 'idempotencyKey: optionalString, plannedBy: optionalString,',
  },
  {
    file: 'service/src/operations/store.ts',
    find: '  record: operation,\n',
    replace: "  plannedBy: 'next',\n  record: operation,\n",
  },
  { file: 'service/src/audit/record.ts', find: "    'dry-run',\n", replace: "    'dry-run',\n    'look',\n" },
  { file: 'service/src/mcp/dispatch.ts', find: "'write' : 'read';", replace: "'write' : 'look';" },
];

/** The one that reads what the next writes, and the next. */
export const laterReleases = { reading: [readsHash], next: [readsHash, ...writes] } as const;

/** @throws when the code that an edit looks for is not there, or more than once */
export const edited = (text: string, { file, find, replace }: Edit): string => {
  const parts = text.split(find);
  if (parts.length !== 2)
    throw new Error(
      `proof/cutover/next-release.ts looks for ${JSON.stringify(find)}, which ${file} has ${parts.length - 1} times`,
    );
  return parts.join(replace);
};

export const laterRelease = (root: string, release: keyof typeof laterReleases): Plugin => ({
  name: 'later-release',
  setup: (build) => {
    const edits: readonly Edit[] = laterReleases[release];
    const byFile = Map.groupBy(edits, ({ file }) => join(root, file));
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const own = byFile.get(path);
      if (own === undefined) return undefined;
      return { contents: own.reduce(edited, await readFile(path, 'utf8')), loader: 'ts' };
    });
  },
});
