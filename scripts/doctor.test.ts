/** The doctor over all environments, with a report that can be kept. On a stand-in for AWS. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { repository } from '../modules/testing/synthesized.ts';
import { doctor } from './doctor.ts';
import { sampleRun } from './operate/cutover/sample.ts';
import { openStore } from './operate/cutover/store.ts';
import { judgeUnanchored } from './operate/health/checks/anchors.ts';
import type { Finding } from './operate/health/examine.ts';
import { formatFor } from './operate/health/file.ts';
import type { Network } from './operate/health/network.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { openOperated } from './operate/operated.ts';

const standIn = onStandIn('prod');
const found = (): Finding[] => JSON.parse(standIn.lines.at(-1) ?? '[]');
const network: Network = {
  resolve: async () => ['192.0.2.1'],
  handshake: async () => ({ fault: undefined, validTo: new Date(Date.now() + 9e9) }),
  get: async () => ({ status: 200, body: '', milliseconds: 5 }),
};
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'doctor-'));
  await mkdir(join(root, 'environments'));
  for (const name of ['dev', 'prod'])
    await cp(join(repository, 'environments', `${name}.tfvars`), join(root, 'environments', `${name}.tfvars`));
  await writeFile(join(root, 'environments', 'broken.tfvars'), 'project_name = "x"\nenvironmnt = "broken"\n');
});
afterAll(() => rm(root, { recursive: true }));

describe('over all environments', () => {
  it.each(['.md', '.json'])(
    'writes what it found to a file that ends in %s, and one with wrong settings hides no other',
    async (ending) => {
      const file = join(root, `health${ending}`);
      const args = ['--all', '--check', 'state', '--check', 'cutover', '--report', file, '--json'];
      expect(await standIn.run(doctor, args, { root, network })).toBe(1);
      const environments = [...new Set(found().map(({ environment }) => environment))];
      expect(environments.toSorted()).toEqual(['broken', 'dev', 'prod']);
      expect(found().filter(({ check }) => check === 'settings')).toMatchObject([
        { environment: 'broken', verdict: 'broken', says: expect.stringMatching(/^it could not be looked at: /) },
      ]);
      const text = await readFile(file, 'utf8');
      for (const name of environments) expect(text).toContain(name);
      if (ending === '.json') expect(JSON.parse(text)).toMatchObject({ at: expect.any(String), findings: found() });
      else expect(text).toMatch(/^# Health at 20.*\n\n\d+ broken/);
    },
  );

  it('writes a table that no answer of AWS can break', () => {
    const finding = {
      environment: 'e',
      region: 'r',
      check: 'c',
      subject: 's',
      verdict: 'broken',
      says: 'a | b\nc',
    } as const;
    expect(formatFor('x.md')({ at: new Date(0), findings: [finding] })).toContain('| broken | c | r | s | a \\| b c |');
  });

  it('refuses a file of another format before it looks', async () => {
    expect(await standIn.run(doctor, ['--all', '--report', 'health.html'], { root, network })).toBe(64);
    expect(standIn.said()).toBe('--report ends in .json or .md, and health.html does not.');
  });
});

describe('of one environment says', () => {
  const look = async (check: string) => {
    await standIn.run(doctor, ['--environment', 'prod', '--check', check, '--json'], { network });
    return found().map(({ verdict, says }) => [verdict, says]);
  };
  const deploymentHere = async () => {
    const [deployment] = (await openOperated(standIn.hostWith(), { environment: 'prod' })).deployments;
    if (deployment === undefined) throw new Error('no region');
    return deployment;
  };
  const s3 = (region: string) => new S3Client({ region, endpoint: standIn.url(), forcePathStyle: true });

  it('that a cutover is open, by whom, and how to end it', async () => {
    const deployment = await deploymentHere();
    const { state_bucket: Bucket, state_region } = deployment.settings;
    expect(await look('cutover')).toEqual([['ok', 'none is open']]);
    await s3(state_region).send(new CreateBucketCommand({ Bucket }));
    const run = sampleRun();
    const kept = await openStore(deployment).create(run);
    const [[verdict, says] = []] = await look('cutover');
    expect(verdict).toBe('attention');
    expect(says).toContain(`${run.run} of ${run.owner}`);
    expect(says).toContain('npm run cutover -- --environment <name> status');
    await openStore(deployment).replace({ ...run, state: 'finished' }, kept);
    expect(await look('cutover')).toEqual([['ok', 'none is open']]);
  });

  it('whether the audit log is anchored, and that leaving it is a decision', async () => {
    const Bucket = (await deploymentHere()).names.bucket('archive');
    expect(await look('anchors')).toEqual([['broken', 'does not exist: npm run deploy']]);
    await s3('us-east-1').send(new CreateBucketCommand({ Bucket }));
    expect(await look('anchors')).toEqual([['attention', expect.stringContaining('has no anchor')]]);
    await s3('us-east-1').send(new PutObjectCommand({ Bucket, Key: 'anchors/1.json', Body: '{}' }));
    expect(await look('anchors')).toEqual([['ok', `is anchored in ${Bucket}`]]);
    expect(judgeUnanchored({ kind: 'prod' })).toMatchObject({ verdict: 'attention' });
    expect(judgeUnanchored({ kind: 'dev' })).toMatchObject({
      verdict: 'ok',
      says: expect.stringContaining('audit_archive = false'),
    });
  });
});
