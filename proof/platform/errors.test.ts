/** Bad input and bad circumstances, with the real terraform: each is one clear sentence, and nothing is half-applied. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTagsCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { readEnvironment } from '../../modules/tfvars/read.ts';
import { deploy } from '../../scripts/deploy.ts';
import { destroy } from '../../scripts/destroy.ts';
import { drift } from '../../scripts/drift.ts';
import { added, type Inventory, readInventory } from '../../scripts/emulator/inventory.ts';
import { type Emulator, startEmulator } from '../../scripts/emulator/moto.ts';
import { plan } from '../../scripts/plan.ts';
import { PlanReport } from '../../scripts/plan-review/report.ts';
import { type Command, type Host, type Options, runCommand } from '../../scripts/platform/command.ts';
import type { Providers } from './provider/front.ts';
import { openRigProviders } from './rig.ts';
import { tiny } from './tiny.ts';

// A plan takes seconds, and on a busy machine a minute.
const PATIENT = 300_000;
const bucket = 'tiny-111122223333-terraform-state';
const key = 'tiny/dev/us-east-1.tfstate';

describe('an operator', () => {
  let root: string;
  let emulator: Emulator;
  let s3: S3Client;
  let before: Inventory;
  let providers: Providers;
  const kept = { ...process.env };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'countersign-operator-'));
    await mkdir(join(root, 'environments'));
    await environment('tiny', tiny);
    const { regions } = await readEnvironment(root, 'tiny');
    emulator = await startEmulator(regions);
    before = await readInventory(emulator, ['us-east-1']);
    const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
    s3 = new S3Client({ endpoint: emulator.url, region: 'us-east-1', credentials, forcePathStyle: true });
    signIn();
    providers = await openRigProviders();
  }, PATIENT);
  afterAll(async () => {
    process.env = kept;
    s3.destroy();
    await providers.stop();
    await emulator.stop();
    await rm(root, { recursive: true, force: true });
  });
  afterEach(signIn);

  function signIn(): void {
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: emulator.url,
      AWS_ACCESS_KEY_ID: 'operator',
      AWS_SECRET_ACCESS_KEY: 'operator',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    delete process.env.AWS_SHARED_CREDENTIALS_FILE;
    delete process.env.AWS_CONFIG_FILE;
  }
  function signOut(): void {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    Object.assign(process.env, { AWS_SHARED_CREDENTIALS_FILE: '/nonexistent', AWS_CONFIG_FILE: '/nonexistent' });
  }

  const environment = (name: string, text: string) => writeFile(join(root, 'environments', `${name}.tfvars`), text);

  const run = async <O extends Options>(command: Command<O>, ...args: string[]) => {
    const said = { out: [] as string[], err: [] as string[] };
    const host: Host = {
      root,
      env: { ...process.env, ...providers.variables },
      out: (line) => said.out.push(line),
      err: (line) => said.err.push(line),
      ask: undefined,
    };
    const code = await runCommand(command, args, host);
    return { code, out: said.out.join('\n'), err: said.err.join('\n') };
  };

  const by = {
    plan: (name: string, out: string) => run(plan, '--environment', name, '--out', out),
    deploy: (name: string, out: string) => run(deploy, '--environment', name, '--out', out),
    destroy: (name: string, out: string) => run(destroy, '--environment', name, '--out', out),
  };

  /** Everything that was made besides the state bucket. */
  const made = async (): Promise<string[]> =>
    [...added(before, await readInventory(emulator, ['us-east-1']))]
      .flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`))
      .filter((line) => !line.endsWith(bucket));

  const stateObjects = async (): Promise<string[]> => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map((object) => object.Key ?? '');
  };
  const put = (name: string, body: object) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: JSON.stringify(body) }));
  const remove = (name: string) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: name }));

  describe.each([
    ['wrong syntax', tiny.replace('"tiny"', 'tiny"'), 'environments/bad.tfvars:1'],
    [
      'an interpolation',
      tiny.replace('tiny:v1', `tiny:\${var.tag}`),
      'environments/bad.tfvars:10 container_image holds an interpolation',
    ],
    ['an unknown key', `${tiny}nat_gateways = 2\n`, 'environments/bad.tfvars:21 nat_gateways'],
    [
      'a wrong type',
      tiny.replace('desired_count   = 0', 'desired_count = "two"'),
      'environments/bad.tfvars:11 desired_count',
    ],
    ['overlapping CIDRs', tiny.replace('10.9.2.0/24', '10.9.1.128/25'), 'environments/bad.tfvars:7 public_cidrs'],
  ])('with %s in the settings', (_, text, place) => {
    it.each(['plan', 'deploy', 'destroy'] as const)(
      'is told file, line and setting by %s, before anything is written',
      async (name) => {
        await environment('bad', text);
        const { code, err, out } = await by[name]('bad', join(root, 'bad'));
        expect({ code, out }).toEqual({ code: 1, out: '' });
        expect(err).toContain(place);
        expect(err).not.toContain('    at ');
        await expect(readFile(join(root, 'bad', 'manifest.json'))).rejects.toThrow('ENOENT');
        await rm(join(root, 'environments', 'bad.tfvars'));
      },
    );
  });

  it('is told which environments there are when they name none, or one that is not', async () => {
    const kept = process.env.ENVIRONMENT;
    delete process.env.ENVIRONMENT;
    expect(await run(plan)).toMatchObject({ code: 64, err: expect.stringContaining('There are tiny.') });
    expect(await run(deploy, '--environment', 'tiy')).toMatchObject({
      code: 64,
      err: expect.stringContaining('There is no environment "tiy"; did you mean tiny? There are tiny.'),
    });
    if (kept !== undefined) process.env.ENVIRONMENT = kept;
  });

  it('is refused without credentials, by one sentence that says for which account', async () => {
    signOut();
    const { code, err } = await run(deploy, '--environment', 'tiny', '--yes');
    expect(code).toBe(1);
    expect(err).toContain('There are no AWS credentials for account 111122223333');
  });

  it('is refused with credentials of another account, which is told', async () => {
    await environment('other', tiny.replace('111122223333', '444455556666'));
    const { code, err } = await run(deploy, '--environment', 'other', '--yes');
    expect(code).toBe(1);
    expect(err).toContain('The credentials are of account 111122223333, but other lives in 444455556666');
    await rm(join(root, 'environments', 'other.tfvars'));
  });

  it('is told to make the state bucket where there is none', async () => {
    const { code, err } = await run(deploy, '--environment', 'tiny', '--yes');
    expect(code).toBe(1);
    expect(err).toContain(`The state bucket ${bucket} does not exist: npm run bootstrap -- --environment tiny`);
  });

  it('has made nothing by all of this', async () => {
    expect(await made()).toEqual([]);
  });

  describe('with a state bucket', () => {
    beforeAll(() => s3.send(new CreateBucketCommand({ Bucket: bucket })));

    it(
      'is told who holds the lock, and since when',
      async () => {
        await put(`${key}.tflock`, {
          ID: '8f1b3a52-8d9f-4a3b-b0a1-1d6f9d3e7c10',
          Operation: 'OperationTypeApply',
          Who: 'grace@laptop',
          Version: '1.11.4',
          Created: '2026-11-20T10:00:00.123456Z',
          Info: '',
          Path: `${bucket}/${key}`,
        });
        const { code, err } = await run(deploy, '--environment', 'tiny', '--yes');
        expect(code).toBe(1);
        expect(err).toContain(
          'The state of tiny-us-east-1 is locked by grace@laptop since 2026-11-20 10:00:00 (OperationTypeApply 8f1b3a52-8d9f-4a3b-b0a1-1d6f9d3e7c10)',
        );
        expect(await stateObjects()).toEqual([`${key}.tflock`]);
        await remove(`${key}.tflock`);
      },
      PATIENT,
    );

    describe('and a reviewed plan', () => {
      const manifest = () => join(root, 'cdktf.out/plans/tiny.manifest.json');
      const change = async (how: (text: string) => string, file = manifest()) => {
        const text = await readFile(file, 'latin1');
        await writeFile(file, how(text), 'latin1');
        return () => writeFile(file, text, 'latin1');
      };
      const refused = async (sentence: string): Promise<void> => {
        const { code, err } = await run(deploy, '--environment', 'tiny', '--yes');
        expect(err).toContain(sentence);
        expect(err).toContain('Nothing was applied. Plan and review again: npm run plan -- --environment tiny');
        expect(code).toBe(1);
      };

      beforeAll(async () => {
        expect(await run(plan, '--environment', 'tiny')).toMatchObject({
          code: 2,
          out: expect.stringContaining('to create'),
        });
      }, PATIENT);

      it('is refused when it is older than a week', async () => {
        const old = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000).toISOString();
        const undo = await change((text) => text.replace(/"createdAt": "[^"]*"/, `"createdAt": "${old}"`));
        await refused('The plan of tiny is 8 days old, and expires after 7.');
        await undo();
      });

      it('is refused when settings have changed since', async () => {
        await environment('tiny', tiny.replace('tiny:v1', 'tiny:v2'));
        await refused('The plan of tiny was made from other settings or code than stand here now.');
        await environment('tiny', tiny);
      });

      it.each([
        ['the plan', 'plans/tiny-us-east-1.tfplan', 'the file of tiny-us-east-1 has changed'],
        [
          'what it was made from',
          'stacks/tiny-us-east-1/cdk.tf.json',
          'the folder of tiny-us-east-1 has changed since',
        ],
      ])('is refused when %s is not what was reviewed', async (_, file, sentence) => {
        const undo = await change((text) => `${text} `, join(root, 'cdktf.out', file));
        await refused(`The plan of tiny is not what was reviewed: ${sentence}.`);
        await undo();
      });

      it(
        'is refused when the state has moved since',
        async () => {
          await put(key, {
            version: 4,
            terraform_version: '1.11.4',
            serial: 3,
            lineage: 'somebody-else',
            outputs: {},
            resources: [],
          });
          await refused('The plan of tiny is stale: the state of tiny-us-east-1 has changed since.');
          await remove(key);
        },
        PATIENT,
      );

      it('has made nothing by all of this, and left no lock', async () => {
        expect(await made()).toEqual([]);
        expect(await stateObjects()).toEqual([]);
      });

      it(
        'is checked and told with --dry-run, and not applied',
        async () => {
          const { code, out } = await run(deploy, '--environment', 'tiny', '--dry-run');
          expect({ code, out }).toEqual({ code: 2, out: expect.stringContaining('to create') });
          expect(await made()).toEqual([]);
        },
        PATIENT,
      );

      /** Somebody scales by hand, which a cutover does too; then somebody tags by hand, which nothing here does. */
      const drifts = async (): Promise<void> => {
        const where = { endpoint: emulator.url, region: 'us-east-1' };
        const [ecs, ec2] = [new ECSClient(where), new EC2Client(where)];
        const service = { cluster: 'tiny-dev-cluster', service: 'tiny-dev-service' };
        await ecs.send(new UpdateServiceCommand({ ...service, desiredCount: 3 }));
        expect(await run(drift, '--environment', 'tiny')).toMatchObject({ code: 0 });

        const filter = { Name: 'tag:Project', Values: ['tiny'] };
        const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ Filters: [filter] }));
        const tags = [{ Key: 'By', Value: 'hand' }];
        await ec2.send(new CreateTagsCommand({ Resources: Vpcs.map(({ VpcId = '' }) => VpcId), Tags: tags }));
        const { code, out } = await run(drift, '--environment', 'tiny', '--json');
        expect(code).toBe(2);
        const report = PlanReport.parse(JSON.parse(out));
        expect(report.stacks.flatMap(({ review }) => review?.changes ?? [])).toEqual([
          expect.objectContaining({ type: 'aws_vpc', differences: [{ path: 'tags.By', before: '"hand"' }] }),
        ]);
        await ecs.send(new UpdateServiceCommand({ ...service, desiredCount: 0 }));
        ecs.destroy();
        ec2.destroy();
      };

      it(
        'applies exactly it, once; nothing is left to plan; and destroying leaves nothing',
        async () => {
          const first = await run(deploy, '--environment', 'tiny', '--yes');
          expect(first).toMatchObject({ code: 0, out: expect.stringContaining('tiny is deployed.') });
          expect(await stateObjects()).toEqual([key]);
          expect(await made()).toEqual(
            expect.arrayContaining([
              'us-east-1 ecs clusters arn:aws:ecs:us-east-1:111122223333:cluster/tiny-dev-cluster',
            ]),
          );
          expect(await run(plan, '--environment', 'tiny')).toMatchObject({
            code: 0,
            out: expect.stringContaining('No changes'),
          });
          await drifts();

          const gone = await run(destroy, '--environment', 'tiny', '--yes');
          expect(gone).toMatchObject({ code: 1, err: expect.stringContaining('Refused: this would destroy') });
          expect(await run(destroy, '--environment', 'tiny', '--yes', '--allow-stateful-destroy')).toMatchObject({
            code: 0,
          });
          expect((await made()).filter((line) => !line.includes('task definitions'))).toEqual([]);
        },
        2 * PATIENT,
      );
    });
  });
});
