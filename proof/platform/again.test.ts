/**
 * What is destroyed can be deployed again. Secrets with the days that AWS keeps them, log groups that AWS makes again, and
 * the last snapshot of a database: a small stack, through the commands' own plan and apply, twice.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateDBInstanceCommand, DeleteDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Aspects, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { secretNames } from '../../modules/container/secrets.ts';
import { LastSnapshot } from '../../modules/database/last-snapshot.ts';
import { LogGroup } from '../../modules/logs/log-group.ts';
import { Secrets } from '../../modules/secrets/secrets.ts';
import { addProvider } from '../../modules/stacks/provider.ts';
import { TagEverything } from '../../modules/stacks/tags.ts';
import { repository } from '../../modules/testing/synthesized.ts';
import { type Emulator, startEmulator } from '../../scripts/emulator/moto.ts';
import { adoption } from '../../scripts/operate/adopt/adopt.ts';
import { openOperated } from '../../scripts/operate/operated.ts';
import { refuseScheduled, restoreSecrets } from '../../scripts/operate/secrets/scheduled.ts';
import { applyPlans, toApply } from '../../scripts/platform/apply.ts';
import type { Host } from '../../scripts/platform/command.ts';
import { planStacks, reviewsOf } from '../../scripts/platform/plans.ts';
import { openTerraform, type Terraform } from '../../scripts/platform/terraform.ts';
import type { Workspace } from '../../scripts/platform/workspace.ts';
import { describeWith } from '../../service/test/servers/programs.ts';
import { freshFolder } from './folder.ts';
import { openProviders, type Providers } from './provider/front.ts';

const environment = 'prod';
const region = 'us-east-1';
const stackName = `${environment}-${region}`;
const logGroup = '/aws/rds/instance/a/postgresql';
const DBInstanceIdentifier = 'a-database';

const said: string[] = [];
const host: Host = {
  root: repository,
  env: process.env,
  out: (line) => said.push(line),
  err: (line) => said.push(line),
  ask: undefined,
};
const operated = await openOperated(host, { environment });
const [deployment] = operated.deployments;
if (deployment === undefined) throw new Error('no region');
const { settings, names } = deployment;
const [secret = ''] = secretNames(settings);

/** The parts of an environment that are in question, as the layers make them. */
const stackJson = (url: string, stateFolder: string): string => {
  const stack = new TerraformStack(Testing.app({ outdir: 'unused' }), stackName);
  addProvider(stack, { kind: 'emulator', stateFolder, url }, region, settings.account_id);
  Aspects.of(stack).add(new TagEverything(settings, stackName));
  new Secrets(stack, 'secrets', {
    names: Object.fromEntries(secretNames(settings).map((name) => [name, names.secret(name)])),
    recoveryDays: settings.secret_recovery_days,
  });
  new LogGroup(stack, 'log', { name: logGroup, retentionDays: 7 });
  const snapshot = new LastSnapshot(stack, 'snapshot', { identifier: DBInstanceIdentifier, replacedBy: {} });
  new TerraformOutput(stack, 'snapshot-name', { value: snapshot.name }).overrideLogicalId('snapshot');
  return Testing.synth(stack);
};

interface Place {
  readonly emulator: Emulator;
  readonly providers: Providers;
  readonly workspace: Workspace;
  readonly terraform: Terraform;
}

const openPlace = async (): Promise<Place> => {
  const out = await freshFolder('again');
  const [emulator, providers] = await Promise.all([startEmulator([settings]), openProviders(host)]);
  const folder = join(out, 'stacks', stackName);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'cdk.tf.json'), stackJson(emulator.url, out));
  const target = { kind: 'emulator', stateFolder: out, url: emulator.url } as const;
  const stacks = [{ name: stackName, folder, region, producers: [] }];
  const workspace: Workspace = { environment, label: environment, file: operated.file, settings, target, out, stacks };
  const withProviders = { ...host, env: { ...host.env, ...providers.variables } };
  return { emulator, providers, workspace, terraform: await openTerraform(withProviders, workspace) };
};

await describeWith(['terraform', 'moto_server'], 'an environment that was destroyed', () => {
  let place: Place;
  const before = { ...process.env };
  const at = { region, maxAttempts: 1 };

  const apply = async (destroy = false) => {
    const { workspace, terraform } = place;
    const planned = await planStacks(host, workspace, terraform, { destroy, adopt: adoption(host) });
    await applyPlans(host, terraform, workspace.out, toApply(planned));
    return reviewsOf(planned);
  };
  const snapshotName = async (): Promise<string> => {
    const [stack] = place.workspace.stacks;
    if (stack === undefined) throw new Error('no stack');
    return (await place.terraform.run(stack, ['output', '-raw', 'snapshot'])).stdout.trim();
  };
  const secrets = () => new SecretsManagerClient(at);
  const rds = () => new RDSClient(at);
  const makeAndDeleteDatabase = async (FinalDBSnapshotIdentifier: string) => {
    await rds().send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier,
        Engine: 'postgres',
        DBInstanceClass: 'db.t4g.micro',
        AllocatedStorage: 20,
      }),
    );
    await rds().send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, FinalDBSnapshotIdentifier }));
  };
  const SecretId = names.secret(secret);

  beforeAll(async () => {
    place = await openPlace();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: place.emulator.url,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
    });
  }, 60_000);
  afterAll(async () => {
    process.env = before;
    await place?.providers.stop();
    await place?.emulator.stop();
    await rm(place?.workspace.out ?? '', { recursive: true, force: true });
  });

  it('is deployed again: its secrets are restored with their values and taken over, and its last snapshot has another name', async () => {
    await apply();
    const first = await snapshotName();
    await secrets().send(new PutSecretValueCommand({ SecretId, SecretString: 'kept' }));
    await makeAndDeleteDatabase(first);

    const [gone] = await apply(true);
    expect(gone?.notes).toContainEqual(
      expect.stringMatching(/keeps its value and its name for 30 days; npm run deploy/),
    );
    await new CloudWatchLogsClient(at).send(new CreateLogGroupCommand({ logGroupName: logGroup }));

    // AWS refuses the names, so a plan says so instead of a deployment half-way.
    await expect(refuseScheduled(operated)).rejects.toThrow(
      `Restore them first: npm run secrets -- restore --environment ${environment}`,
    );
    await expect(secrets().send(new CreateSecretCommand({ Name: SecretId }))).rejects.toThrow();

    await expect(restoreSecrets(host, operated, { yes: undefined, dryRun: false })).rejects.toThrow(
      'There is no terminal to ask at',
    );
    expect(await restoreSecrets(host, operated, { yes: true, dryRun: undefined })).toBe(secretNames(settings).length);
    const [again] = await apply();
    // The log group too, which AWS made again.
    expect(again?.notes?.filter((note) => note.includes('is there already and is taken over'))).toHaveLength(
      secretNames(settings).length + 1,
    );
    const { SecretString } = await secrets().send(new GetSecretValueCommand({ SecretId }));
    expect(SecretString).toBe('kept');

    const second = await snapshotName();
    expect(second).not.toBe(first);
    await expect(makeAndDeleteDatabase(first)).rejects.toThrow(/already exists/i);
    await rds().send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, FinalDBSnapshotIdentifier: second }));
  }, 300_000);
});
