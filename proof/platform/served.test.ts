/** Ways to deploy that are not our commands, to the end, on the stand-in that `npm run emulate -- --serve` keeps. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { repository } from '../../modules/testing/synthesized.ts';
import { doctor } from '../../scripts/doctor.ts';
import { emulate } from '../../scripts/emulate.ts';
import { added, type Inventory, readInventory } from '../../scripts/emulator/inventory.ts';
import { findPython } from '../../scripts/emulator/moto.ts';
import type { Served } from '../../scripts/emulator/served.ts';
import type { Finding } from '../../scripts/operate/health/examine.ts';
import type { Network } from '../../scripts/operate/health/network.ts';
import { type Command, type Host, type Options, runCommand } from '../../scripts/platform/command.ts';
import { synth } from '../../scripts/synth.ts';
import { describeWith } from '../../service/test/servers/programs.ts';
import { tiny } from './tiny.ts';

// Alone it takes two minutes, beside a full machine ten.
const PATIENT = 1_200_000;
// cdktf-cli holds native code for Node 20 and 22 only.
const cdktfCli = ['--yes', '--package=node@22', '--package=cdktf-cli@0.21.0', '--', 'cdktf'];
const run = promisify(execFile);

/** A name and its certificate as they are once the zone is delegated. */
const network: Network = {
  resolve: async () => ['192.0.2.1'],
  handshake: async () => ({ fault: undefined, validTo: new Date(Date.now() + 90 * 86_400_000) }),
  get: async () => ({ status: 200, body: '', milliseconds: 5 }),
};

/** What main.ts and cdktf.json need, with an environment of its own. */
const project = async (): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'countersign-served-'));
  for (const file of ['main.ts', 'package.json', 'cdktf.json']) await cp(join(repository, file), join(root, file));
  for (const folder of ['authorizer', 'contracts', 'modules', 'node_modules', 'scripts', 'service'])
    await symlink(join(repository, folder), join(root, folder));
  await mkdir(join(root, 'environments'));
  await writeFile(join(root, 'environments', 'tiny.tfvars'), tiny);
  return root;
};

await describeWith(['terraform', 'moto_server'], 'a stand-in that is kept', () => {
  const stop = new AbortController();
  const kept = { ...process.env };
  let root: string;
  let served: Served;
  let ended: Promise<number>;
  let before: Inventory;
  let env: NodeJS.ProcessEnv;

  const hostOf = (out: (line: string) => void, more: Partial<Host> = {}): Host => ({
    root,
    env,
    out,
    err: () => {},
    ask: undefined,
    ...more,
  });
  const printed = async <O extends Options>(command: Command<O>, args: readonly string[], more?: Partial<Host>) => {
    const lines: string[] = [];
    await runCommand(
      command,
      args,
      hostOf((line) => lines.push(line), more),
    );
    return lines.join('\n');
  };
  const terraform = async (...args: string[]) => {
    const { stdout } = await run(
      'terraform',
      [`-chdir=${join(root, 'cdktf.out/emulator/stacks/tiny-us-east-1')}`, ...args],
      { env },
    );
    return stdout;
  };
  const made = async (): Promise<string[]> => [
    ...added(before, await readInventory(await reach(), ['us-east-1'])).keys(),
  ];
  const reach = async () => ({ python: await findPython(), url: served.url });

  beforeAll(async () => {
    root = await project();
    env = process.env;
    const told = Promise.withResolvers<string>();
    ended = runCommand(
      emulate,
      ['--environment', 'tiny', '--serve', '--json'],
      hostOf(told.resolve, { stop: stop.signal }),
    );
    served = JSON.parse(await Promise.race([told.promise, ended.then(() => '{}')])) as Served;
    env = {
      ...process.env,
      ...served.variables,
      CI: 'true',
      CHECKPOINT_DISABLE: '1',
      TERRAFORM_BINARY_NAME: 'terraform',
    };
    for (const name of served.unset) delete env[name];
    before = await readInventory(await reach(), ['us-east-1']);
  }, PATIENT);
  afterAll(async () => {
    process.env = kept;
    stop.abort();
    expect(await ended).toBe(0);
    await rm(root, { recursive: true, force: true });
  });

  it(
    'is deployed to by cdktf, as docs/deploying says, with its state in the bucket, and the doctor finds it',
    async () => {
      const args = ['deploy', '--terraform-parallelism', '30', 'tiny-*', '--auto-approve', '--skip-provider-lock'];
      const { stdout } = await run('npx', [...cdktfCli, ...args], { cwd: root, env, maxBuffer: 2 ** 26 });
      expect(stdout).toContain('https://tiny.example.com');
      expect(await made()).toEqual(expect.arrayContaining(['us-east-1 ecs services', 'us-east-1 ec2 VPCs']));
      process.env = env;
      const findings = JSON.parse(await printed(doctor, ['--json'], { network })) as Finding[];
      const others = findings.filter(({ verdict }) => verdict !== 'ok');
      expect(others.map(({ says }) => says)).toEqual(['is switched off: alb_enabled = false']);
      expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(['targets', 'tasks', 'state']));
      const s3 = new S3Client({ forcePathStyle: true });
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: served.bucket }));
      expect(Contents.map(({ Key }) => Key)).toEqual(['tiny/dev/us-east-1.tfstate']);
      s3.destroy();
    },
    PATIENT,
  );

  // What the one makes stands for the other too, so that a second deployment would prove nothing more.
  it(
    'and worked on by terraform alone, which has nothing to change and leaves nothing when it destroys',
    async () => {
      await printed(synth, []);
      await terraform('init', '-input=false', '-no-color');
      expect(await terraform('plan', '-input=false', '-no-color', '-parallelism=30')).toContain('No changes.');
      await terraform('destroy', '-input=false', '-no-color', '-auto-approve', '-parallelism=30', '-refresh=false');
      expect(await made()).toEqual(['us-east-1 ecs task definitions']);
    },
    PATIENT,
  );
});
