/** A name that is changed on one side only does not compile: tried with the real compiler on a copy. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../../modules/testing/synthesized.ts';
import { writePack } from '../../../scripts/new-pack/files.ts';
import { spelled } from '../../../scripts/new-pack/names.ts';

interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Where the compiler must refuse, and what its sentence must name. */
  readonly refused: readonly (readonly [file: string, name: string])[];
}

/** One side calls something by a name that the contract does not have. */
const ofOneSide = (file: string, from: string, to: string): Edit => ({ file, from, to, refused: [[file, to]] });

const sides: readonly Edit[] = [
  ofOneSide('modules/container/environment.ts', 'TABLE_PREFIX', 'TABLES_PREFIX'),
  ofOneSide('modules/container/secrets.ts', 'REDIS_URL', 'REDIS_URI'),
  ofOneSide('modules/stacks/function.ts', 'SECRETS_FROM', 'SECRETS_OF'),
  ofOneSide('modules/stacks/authorizer-rules.ts', 'API_KEY_HEADER', 'KEY_HEADER'),
  ofOneSide('modules/monitoring/alarms-behaviour.ts', 'ToolCalls', 'ToolsCalls'),
  ofOneSide('service/src/start/state.ts', 'config.TABLE_PREFIX', 'config.TABLES_PREFIX'),
  ofOneSide('service/src/operations/store.ts', 'status-createdAt-index', 'status-index'),
  ofOneSide('service/src/http/facade.ts', 'routes.executeTool.', 'routes.executeTools.'),
  ofOneSide('service/src/auth/policy/watch.ts', "'AuthFailures'", "'AuthFailure'"),
].map((edit) => ({ ...edit, refused: edit.refused.map(([file, to]) => [file, to.replaceAll(/^\w+\.|'|\.$/g, '')]) }));

/** A contract calls something otherwise: every side that used the old name must be told. */
const contracts: readonly Edit[] = [
  {
    file: 'contracts/variables/stores.ts',
    from: 'TABLE_PREFIX: variable(',
    to: 'TABLES_PREFIX: variable(',
    refused: [
      ['modules/container/environment.ts', 'TABLE_PREFIX'],
      ['service/src/start/state.ts', 'TABLE_PREFIX'],
    ],
  },
  {
    file: 'contracts/core-tables/audit.ts',
    from: "'operationId-index'",
    to: "'operation-index'",
    refused: [['service/src/audit/query.ts', 'operationId-index']],
  },
  {
    file: 'contracts/routes.ts',
    from: 'executeTool: facade',
    to: 'runTool: facade',
    refused: [['service/src/http/facade.ts', 'executeTool']],
  },
  {
    file: 'contracts/packs/tagging.ts',
    from: "method: 'GET', path: '/compliance', auth: 'page', scope: 'tag:read'",
    to: "method: 'POST', path: '/compliance', auth: 'webhook', secret: 'NO_SECRET'",
    refused: [
      ['contracts/packs/tagging.ts', 'NO_SECRET'],
      ['service/src/packs/tagging/pages/compliance.ts', 'PageRoute'],
    ],
  },
  {
    file: 'contracts/authorizer-environment.ts',
    from: 'API_KEY_HEADER: name(',
    to: 'KEY_HEADER: name(',
    refused: [
      ['modules/stacks/authorizer-rules.ts', 'API_KEY_HEADER'],
      ['authorizer/decide.ts', 'API_KEY_HEADER'],
    ],
  },
  {
    file: 'contracts/metrics.ts',
    from: '  AuthFailures: {',
    to: '  Refusals: {',
    refused: [['service/src/auth/policy/watch.ts', 'AuthFailures']],
  },
  // A pack of the contract that the service does not open.
  {
    file: 'contracts/packs/index.ts',
    from: '  tagging,\n',
    to: '  tagging,\n  notes: tagging,\n',
    refused: [['service/src/packs/index.ts', 'notes']],
  },
];

/** Files that nobody has edited yet must compile as they are written. */
const begun = spelled('price-alerts');

const copied = ['contracts', 'modules', 'authorizer', 'service/src', 'tsconfig.json', 'package.json'];

describe('a name that is changed on one side only', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'one-side-'));
    // Tests and their rigs are no side.
    const filter = (source: string) => !/[.]test[.]ts$|\/modules\/proof(\/|$)/.test(source);
    for (const path of copied) await cp(join(repository, path), join(folder, path), { recursive: true, filter });
    await writePack(folder, begun);
    await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const compile = (): Promise<string[]> =>
    new Promise((done) => {
      // Several threads take 14 s of processor time where one takes 8, and 700 MB more.
      const compiler = join(repository, 'node_modules/typescript/bin/tsc');
      execFile(
        process.execPath,
        [compiler, '--noEmit', '--singleThreaded'],
        { cwd: folder, maxBuffer: 2 ** 24 },
        (_, stdout) => done(stdout.split('\n').filter((line) => line.includes('error TS'))),
      );
    });

  const edit = async ({ file, from, to }: Edit): Promise<() => Promise<void>> => {
    const text = await readFile(join(folder, file), 'utf8');
    expect([file, text.includes(from)]).toEqual([file, true]);
    await writeFile(join(folder, file), text.replaceAll(from, to));
    return () => writeFile(join(folder, file), text);
  };

  it.each([
    ['of the sides', sides],
    ['of the contracts', contracts],
  ] as const)(
    'is told by the compiler: %s',
    async (_, edits) => {
      const undo = await Promise.all(edits.map(edit));
      const errors = await compile();
      await Promise.all(undo.map((restore) => restore()));
      for (const [file, name] of edits.flatMap(({ refused }) => refused))
        expect([file, name, errors.filter((line) => line.startsWith(file) && line.includes(name)).length > 0]).toEqual([
          file,
          name,
          true,
        ]);
      // None of them is about a pack as `npm run new-pack` begins it.
      const own = new RegExp(`^(contracts/packs/${begun.name}|service/src/packs/${begun.name}/(?!.*[.]test[.]ts))`);
      expect(errors.filter((line) => own.test(line))).toEqual([]);
    },
    120_000,
  );
});
