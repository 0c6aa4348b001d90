import { execFile } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Each planted line breaks exactly the rule it is named for; files are `importing -> imported`. */
const planted = [
  ['no-cycle', 'service/src/audit/a.ts', "import type { B } from './b.ts';\nexport type A = B;"],
  ['no-unresolvable', 'service/src/call.ts', "export * from './gone.ts';"],
  ['contracts-import-nothing-but-zod', 'contracts/scopes.ts', "export * from 'node:fs';"],
  ['contracts-import-nothing-but-zod', 'contracts/packs/index.ts', "export { exportJWK } from 'jose';"],
  ['platform-knows-no-service', 'modules/cache/cache.ts', "export * from '../../service/src/errors.ts';"],
  ['service-knows-no-platform', 'service/src/http/route.ts', "export * from '../../../modules/network.ts';"],
  ['authorizer-is-small', 'authorizer/decide.ts', "export * from '../service/src/errors.ts';"],
  ['nobody-imports-scripts', 'service/src/http/docs.ts', "export * from '../../../scripts/docs.ts';"],
  ['stores-are-chosen-in-one-place', 'service/src/audit/log.ts', "import type {} from '../stores/memory/tables.ts';"],
  ['stores-know-no-consumer', 'service/src/stores/redis/redis.ts', "import type {} from '../../mcp/tool.ts';"],
  ['packs-see-the-pipeline-only', 'service/src/packs/tagging/tool.ts', "export * from '../alerts/tool.ts';"],
  ['packs-see-the-pipeline-only', 'service/src/packs/alerts/http.ts', "export * from '../../mcp/server.ts';"],
  ['packs-know-no-sandbox', 'service/src/operations/run.ts', "export * from '../packs/tagging/sandbox/people.ts';"],
  ['fastify-stays-at-the-edge', 'service/src/auth/verify.ts', "import type { FastifyRequest } from 'fastify';"],
  ['nothing-below-imports-http', 'service/src/mcp/dispatch.ts', "export * from '../http/errors.ts';"],
  ['web-shows-what-it-is-handed', 'service/src/web/list.ts', "import type { Tables } from '../ports/tables.ts';"],
  ['no-development-dependency-in-the-service', 'service/src/late.ts', "export const late = () => import('esbuild');"],
] as const;

/** What the planted files import, itself innocent. */
const innocent = [
  'service/src/errors.ts',
  'service/src/ports/tables.ts',
  'service/src/mcp/tool.ts',
  'service/src/mcp/server.ts',
  'service/src/http/errors.ts',
  'service/src/web/page.ts',
  'service/src/packs/alerts/tool.ts',
  'service/src/packs/tagging/sandbox/people.ts',
  'service/src/stores/memory/tables.ts',
  'modules/network.ts',
  'scripts/docs.ts',
];

const plant = async (folder: string, files: Iterable<readonly [path: string, text: string]>): Promise<void> => {
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), `${text}\n`);
  }
};

const cruise = (cwd: string): Promise<{ code: number; violations: string[] }> =>
  new Promise((done) => {
    const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const args = [cruiser, '--config', '.dependency-cruiser.json', '--no-progress', '.'];
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
    execFile(process.execPath, args, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout) => {
      const violations = [...stdout.matchAll(/error ([\w-]+): (\S+)/g)].map(([, rule, from]) => `${rule} ${from}`);
      done({ code: error ? Number(error.code) : 0, violations: [...new Set(violations)].sort() });
    });
  });

describe('import arrows', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'arrows-'));
    await cp(join(root, '.dependency-cruiser.json'), join(folder, '.dependency-cruiser.json'));
    await cp(join(root, 'package.json'), join(folder, 'package.json'));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await plant(
      folder,
      innocent.map((path) => [path, 'export {};'] as const),
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('lets innocent imports pass, and names every planted violation', async () => {
    expect(await cruise(folder)).toEqual({ code: 0, violations: [] });
    await plant(folder, [['service/src/audit/b.ts', "import type { A } from './a.ts';\nexport type B = A;"]]);
    await plant(
      folder,
      planted.map(([, path, text]) => [path, text] as const),
    );
    const { code, violations } = await cruise(folder);
    expect(violations).toEqual(planted.map(([rule, path]) => `${rule} ${path}`).sort());
    expect(code).toBeGreaterThan(0);
  });

  it('lets templates import values only from templates, measures and contracts', async () => {
    const outside: string[] = [];
    for await (const file of glob('service/src/web/**/*.ts', {
      cwd: root,
      exclude: (name) => name.endsWith('.test.ts'),
    })) {
      const code = stripTypeScriptTypes(await readFile(join(root, file), 'utf8'), { mode: 'strip' });
      for (const [, from = ''] of code.matchAll(/(?<!')\b(?:from|import)\s*\(?\s*'([^']+)'/g)) {
        const target = from.startsWith('.') ? relative(root, resolve(root, dirname(file), from)) : from;
        if (!/^(node:|contracts\/|service\/src\/((web|measures)\/|visible[.]ts))/.test(target))
          outside.push(`${file}: ${from}`);
      }
    }
    expect(outside).toEqual([]);
  });
});
