/** `npm run new-pack` in a copy of the repository: what it writes is in order, its tests pass, and the service serves it. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { promisify } from 'node:util';
import { repository } from '../modules/testing/synthesized.ts';
import { textOn } from '../service/test/rigs/browser.ts';
import { FirstAgent } from '../service/test/rigs/clients.ts';
import { Person } from '../service/test/rigs/person.ts';
import { spawnService } from '../service/test/rigs/service.ts';
import { spelled } from './new-pack/names.ts';

const run = promisify(execFile);
const name = 'price-alerts';
const copied = [
  ...['contracts', 'modules', 'service', 'scripts', 'environments', 'docs', 'authorizer', 'proof'],
  ...['package.json', 'jest.config.ts', 'biome.json', 'tsconfig.json', '.gitignore'],
];

describe('a new pack', () => {
  let tree: string;
  const within = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run(execPath, args, { cwd: tree, maxBuffer: 2 ** 26 });
    return stdout;
  };
  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'new-pack-'));
    for (const path of copied) await cp(join(repository, path), join(tree, path), { recursive: true });
    await symlink(join(repository, 'node_modules'), join(tree, 'node_modules'));
    await within('scripts/new-pack.ts', name);
  }, 120_000);
  afterAll(() => rm(tree, { recursive: true }));

  it('is a line in each of the two registries', async () => {
    const lines = async (file: string) => (await readFile(join(tree, file), 'utf8')).split('\n');
    expect(await lines('contracts/packs/index.ts')).toContain("  'price-alerts': priceAlerts,");
    expect((await lines('service/src/packs/index.ts')).join()).toContain(
      "import('./price-alerts/open.ts')).openPriceAlerts",
    );
    expect(await lines('docs/configuration.md')).toContainEqual(expect.stringMatching(/[a-z],price-alerts/));
  });

  it('is not written twice, and nothing of it is lost by trying', async () => {
    const again = await run(execPath, ['scripts/new-pack.ts', name], { cwd: tree }).catch((error: unknown) => error);
    expect(again).toMatchObject({ code: 64, stderr: expect.stringContaining('There is a pack price-alerts already.') });
  });

  it('passes its own tests, and those of what packs have in common', async () => {
    const jest = join(tree, 'node_modules/jest/bin/jest.js');
    const paths = [`service/src/packs/${name}`, 'service/src/packs/index.test', 'contracts/packs'];
    const report = await within(
      '--experimental-vm-modules',
      jest,
      '--rootDir',
      tree,
      '--maxWorkers=1',
      '--json',
      ...paths,
    );
    expect(JSON.parse(report)).toMatchObject({ success: true, numFailedTests: 0, numPassedTests: expect.any(Number) });
    expect(JSON.parse(report).numPassedTests).toBeGreaterThanOrEqual(5);
  }, 120_000);

  it('is served beside the others, from the list of tools to its page', async () => {
    const service = await spawnService({
      program: join(tree, 'service/src/start/server.ts'),
      environment: { TOOL_PACKS: `tagging,${name}` },
    });
    try {
      const [ana, ben] = [new Person('ana'), new Person('ben')];
      const agent = await FirstAgent.connect(service.url, ana);
      expect(await agent.tools()).toEqual(
        expect.arrayContaining(['check_tag_compliance', 'list_price_alerts_entries']),
      );
      const asked = await agent.call('set_price_alerts_entry', { key: 'motto', text: 'Measure twice' });
      expect(asked).toMatchObject({ status: 'awaiting-countersign' });
      await ben.answer(String(asked.approval_url), 'approve');
      expect(textOn(await ana.open(`${service.url}/${name}`))).toContain('motto Measure twice');
      await agent.close();
    } finally {
      await service.stop();
    }
  }, 120_000);
});

it.each([
  ['class'],
  ['apps'],
  ['sign-in'],
  ['tag'],
  ['Alerts'],
  ['a'],
  ['alerts_'],
  ['core'],
  ['tagging'],
  ['one-two-three-four'],
  ['operations'],
  ['../x'],
])('refuses the name %s', (given) => expect(() => spelled(given)).toThrow(given));
