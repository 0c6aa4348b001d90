/** An environment, synthesized: the folder with one stack a region (or layer), ready for terraform. */
import { cp, mkdir, readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { asleepAt, settingsAt } from '../../contracts/settings/weekend.ts';
import type { DeploymentTarget } from '../../modules/stacks/deployment.ts';
import { isRefused, synthesize } from '../../modules/stacks/synthesize.ts';
import { EMULATOR_URL, targetOf } from '../../modules/stacks/target.ts';
import { readEnvironment } from '../../modules/tfvars/read.ts';
import { functionArchives } from './archives.ts';
import type { Host } from './command.ts';
import { during } from './host.ts';
import { OperatorProblem } from './problem.ts';
import { pickRegions } from './regions.ts';

export interface Stack {
  /** Such as staging-us-east-1, or staging-us-east-1-network when layered. */
  readonly name: string;
  /** Holds cdk.tf.json; terraform works here. */
  readonly folder: string;
  readonly region: string;
  /** Stacks whose outputs it reads, so that they must be applied before. */
  readonly producers: readonly string[];
}

export interface Workspace {
  /** What `--environment` takes. */
  readonly environment: string;
  /** Path of its settings from the root of the repository. */
  readonly file: string;
  /** Start of the stack names. */
  readonly label: string;
  /** Of the primary region. */
  readonly settings: Settings;
  readonly target: DeploymentTarget;
  /** Absolute. */
  readonly out: string;
  /** In the order in which they are applied. */
  readonly stacks: readonly Stack[];
  /** Regions that are without their load balancer at this time, where a clock decides that. Default: none. */
  readonly asleep?: readonly string[];
  /** The roles of workflows, which an administrator applies with `npm run bootstrap`, and no deployment touches. */
  readonly access?: Stack | undefined;
}

export interface WorkspaceOptions {
  readonly environment: string | undefined;
  readonly region?: string | undefined;
  readonly out?: string | undefined;
  /**
   * aws keeps its state in S3, offline and emulator in a folder. Default: aws, or the stand-in that
   * COUNTERSIGN_EMULATOR_URL names, with its state in the stand-in's S3.
   */
  readonly target?: { readonly kind: 'aws' | 'offline' } | { readonly kind: 'emulator'; readonly url: string };
  /** Settings to change, in every region. */
  readonly changes?: Partial<Settings>;
  /** Folder with the archives of the functions. Default: bundled anew beside the stacks. */
  readonly archives?: string;
  /** The time whose settings are meant, for what is compared with what runs now. Default: none; load balancers are there. */
  readonly at?: Date | undefined;
}

const Manifest = z.object({
  stacks: z.record(z.string(), z.object({ dependencies: z.array(z.string()).default([]) })),
});

const foldersOf = { aws: 'cdktf.out', offline: 'cdktf.out/offline', emulator: 'cdktf.out/emulator' } as const;

/** Stacks of one region: `<label>-<region>`, or the same with a layer's name after it. */
const regionOf = (stack: string, label: string, regions: readonly string[]): string =>
  regions.find((region) => stack === `${label}-${region}` || stack.startsWith(`${label}-${region}-`)) ?? '';

const build = async (how: Parameters<typeof synthesize>[0]): Promise<readonly string[]> => {
  try {
    return await synthesize(how);
  } catch (error) {
    if (!isRefused(error)) throw error;
    // cdktf ends with how to switch its validations off.
    const said = error.message.replace(/\s*If you wish to ignore these validations.*$/s, '');
    throw new OperatorProblem(`The settings of ${how.label} synthesize to what the policies refuse:\n${said}`);
  }
};

/** @throws EnvironmentError, OperatorProblem */
export const openWorkspace = async (host: Host, options: WorkspaceOptions): Promise<Workspace> => {
  const read = await readEnvironment(host.root, options.environment ?? host.env.ENVIRONMENT);
  const { name: environment, file, label } = read;
  for (const notice of read.notices) host.err(notice);
  const { at } = options;
  const all = read.regions.map((each) => ({ ...each, ...options.changes }));
  const regions = at === undefined ? all : all.map((each) => settingsAt(each, at));
  const asleep =
    at === undefined
      ? []
      : all.filter((each) => each.alb_enabled && asleepAt(each, at)).flatMap((each) => each.regions.slice(0, 1));
  const [settings] = regions;
  if (settings === undefined) throw new OperatorProblem(`${environment} has no region.`);
  const names = regions.flatMap((each) => each.regions.slice(0, 1));
  const wanted = pickRegions(environment, options.region, names, (name) => name);

  const out = outFolder(host, options.out, options.target ?? targetOf(host.env));
  const target = await openTarget(host, options.target, out);

  const made = await during(host, `Synthesizing ${environment}`, async () => {
    const archives = options.archives ?? (await functionArchives(regions, out));
    return build({ label, regions, target, outdir: out, archives, places: read.places });
  });
  const manifest = Manifest.parse(JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')));
  const synthesized = made.map((name) => ({
    name,
    folder: join(out, 'stacks', name),
    region: regionOf(name, label, names),
    producers: manifest.stacks[name]?.dependencies ?? [],
  }));
  const access = synthesized.find(({ name }) => name === `${label}-access`);
  const stacks = synthesized
    .filter((stack) => stack !== access)
    .filter(({ region }) => options.region === undefined || wanted.includes(region));
  return { environment, file, label, settings, target, out, stacks, asleep, access };
};

/** Where the target's stacks are written. @param given from --out */
export const outFolder = (
  { root }: Host,
  given: string | undefined,
  { kind }: Pick<DeploymentTarget, 'kind'>,
): string => {
  const folder = given ?? foldersOf[kind];
  return isAbsolute(folder) ? folder : join(root, folder);
};

/** With the folder of its state, where that is not in S3. */
const openTarget = async (host: Host, given: WorkspaceOptions['target'], out: string): Promise<DeploymentTarget> => {
  const stateFolder = join(out, 'state');
  if (given?.kind === 'aws') return { kind: 'aws' };
  if (given !== undefined) {
    await mkdir(stateFolder, { recursive: true });
    return { ...given, stateFolder };
  }
  const target = targetOf(host.env);
  if (target.kind === 'emulator') host.err(`On the stand-in at ${target.url}, because ${EMULATOR_URL} is set`);
  return target;
};

/** The same stacks, as they stand in another folder. */
export const relocate = (workspace: Workspace, out: string): Workspace => ({
  ...workspace,
  out,
  stacks: workspace.stacks.map((stack) => ({ ...stack, folder: join(out, 'stacks', stack.name) })),
});

/** Gives a stack the provider versions and hashes that another one was locked to. */
export const shareLock = async (from: Stack | undefined, to: Stack): Promise<void> => {
  if (from === undefined) return;
  await cp(join(from.folder, '.terraform.lock.hcl'), join(to.folder, '.terraform.lock.hcl'), { force: false });
};
