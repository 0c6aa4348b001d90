/** Runs terraform on the stacks of a workspace. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Host } from './command.ts';
import { explain } from './failures.ts';
import { findMirror, mirrorConfig, type Requirement } from './mirror.ts';
import { OperatorProblem } from './problem.ts';
import type { Stack, Workspace } from './workspace.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  /** Standard output and errors together. */
  readonly output: string;
}

export interface RunOptions {
  /** Shows each line as it comes. Default: only with --verbose. */
  readonly show?: boolean;
  /** Gets each line as it comes, shown or not. */
  readonly watch?: (line: string) => void;
  /** Exit codes that are no failure. Default: 0. */
  readonly accept?: readonly number[];
}

export interface Terraform {
  readonly version: string;
  /** `terraform -chdir=<stack> <args>`. @throws OperatorProblem in one sentence where the failure is known */
  run(stack: Stack, args: readonly string[], options?: RunOptions): Promise<Outcome>;
}

const LEAST: readonly [number, number] = [1, 10];

/** The version of the program. @throws OperatorProblem when it is missing, or too old for S3's own lock file */
const versionOf = async (program: string, env: NodeJS.ProcessEnv): Promise<string> => {
  const told = await promisify(execFile)(program, ['version', '-json'], {
    env: { ...env, CHECKPOINT_DISABLE: '1' },
  }).catch(() => undefined);
  if (told === undefined)
    throw new OperatorProblem(
      `${program} cannot be run: install terraform ${LEAST.join('.')} or later (https://developer.hashicorp.com/terraform/install), or name it in TERRAFORM_BINARY_NAME.`,
    );
  const { terraform_version } = z.object({ terraform_version: z.string() }).parse(JSON.parse(told.stdout));
  const [major = 0, minor = 0] = terraform_version.split('.').map(Number);
  if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]))
    throw new OperatorProblem(
      `terraform ${terraform_version} is too old: ${LEAST.join('.')} or later is needed, which locks the state in S3 itself.`,
    );
  return terraform_version;
};

const Requirements = z.object({
  terraform: z.object({
    required_providers: z.record(z.string(), z.object({ source: z.string(), version: z.string() })).default({}),
  }),
});

/** `aws`, `hashicorp/aws` and `registry.terraform.io/hashicorp/aws` are the same. */
const wholeSource = (source: string): string => ['hashicorp', ...source.split('/')].slice(-2).join('/');

const requirementsOf = async (stacks: readonly Pick<Stack, 'folder'>[]): Promise<Requirement[]> => {
  const all = new Map<string, Requirement>();
  for (const { folder } of stacks) {
    const { terraform } = Requirements.parse(JSON.parse(await readFile(join(folder, 'cdk.tf.json'), 'utf8')));
    for (const { source, version } of Object.values(terraform.required_providers))
      all.set(source, { source: wholeSource(source), version });
  }
  return [...all.values()];
};

const exists = (path: string | undefined): Promise<boolean> =>
  path === undefined || path === ''
    ? Promise.resolve(false)
    : access(path).then(
        () => true,
        () => false,
      );

/** Terraform's configuration: what the operator named, their own, a mirror on this machine, or the registry with a cache. */
export const providerSource = async (
  host: Host,
  { out, stacks }: { readonly out: string; readonly stacks: readonly Pick<Stack, 'folder'>[] },
): Promise<NodeJS.ProcessEnv> => {
  const { COUNTERSIGN_TERRAFORM_MIRROR: named, TF_CLI_CONFIG_FILE: own } = host.env;
  const requirements = await requirementsOf(stacks);
  if (named === undefined && ((await exists(own)) || (await exists(join(homedir(), '.terraformrc'))))) return {};
  const mirror = named === undefined ? await findMirror(requirements) : await findMirror(requirements, [named]);
  if (mirror !== undefined) {
    const file = join(out, 'terraform.rc');
    await writeFile(file, mirrorConfig(mirror));
    return { TF_CLI_CONFIG_FILE: file };
  }
  if (named !== undefined)
    throw new OperatorProblem(
      `COUNTERSIGN_TERRAFORM_MIRROR names ${named}, which does not hold ${requirements.map(({ source, version }) => `${source} ${version}`).join(', ')} for this machine: fill it with terraform providers mirror.`,
    );
  const cache = host.env.TF_PLUGIN_CACHE_DIR ?? join(homedir(), '.cache/countersign/terraform-plugins');
  await mkdir(cache, { recursive: true });
  // Without it terraform copies from the cache only what a lock file already names.
  return { TF_PLUGIN_CACHE_DIR: cache, TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true', TF_CLI_CONFIG_FILE: '' };
};

/** Settings of the operator's shell that would point a local target at something else. */
const elsewhere = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_ENDPOINT_URL', 'AWS_CA_BUNDLE'] as const;

const environmentFor = async (host: Host, workspace: Workspace, variables: NodeJS.ProcessEnv) => {
  const env: NodeJS.ProcessEnv = {
    ...host.env,
    ...(await providerSource(host, workspace)),
    ...variables,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
  };
  // A workspace would keep its state beside the one that is planned for.
  delete env.TF_WORKSPACE;
  if (env.TF_CLI_CONFIG_FILE === '') delete env.TF_CLI_CONFIG_FILE;
  if (workspace.target.kind !== 'aws') for (const name of elsewhere) delete env[name];
  return env;
};

/** Collects what a child prints, and hands it on line by line. */
const follow = async (child: ChildProcess, watch: (line: string) => void): Promise<Outcome> => {
  const parts = { stdout: '', output: '' };
  for (const [name, stream] of [['stdout', child.stdout] as const, ['stderr', child.stderr] as const]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (name === 'stdout') parts.stdout += `${line}\n`;
      parts.output += `${line}\n`;
      watch(line);
    });
  }
  // Terraform ends cleanly on the interrupt it gets with us; leaving earlier would leave its lock behind.
  const wait = (): void => {};
  const ask = (): void => {
    child.kill('SIGINT');
  };
  process.on('SIGINT', wait);
  process.on('SIGTERM', ask);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? 1, ...parts };
  } finally {
    process.off('SIGINT', wait);
    process.off('SIGTERM', ask);
  }
};

/** The lines of an error that nobody translated: from the first `Error:` on. */
const errorOf = (output: string): string => {
  const from = output.search(/^.{0,3}Error: /m);
  return (from < 0 ? output : output.slice(from)).trim();
};

export interface TerraformOptions {
  readonly verbose?: boolean | undefined;
  /** TF_VAR_ variables. */
  readonly variables?: NodeJS.ProcessEnv;
}

/** Finds terraform and where its providers come from. @throws OperatorProblem */
export const openTerraform = async (
  host: Host,
  workspace: Workspace,
  { verbose = false, variables = {} }: TerraformOptions = {},
): Promise<Terraform> => {
  // The name that cdktf reads too.
  const program = host.env.TERRAFORM_BINARY_NAME ?? 'terraform';
  const version = await versionOf(program, host.env);
  const env = await environmentFor(host, workspace, variables);
  const { settings, environment } = workspace;
  return {
    version,
    run: async (stack, args, { show = verbose, watch, accept = [0] } = {}) => {
      const child = spawn(program, [`-chdir=${stack.folder}`, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const outcome = await follow(child, (line) => {
        if (show) host.err(line);
        watch?.(line);
      });
      if (accept.includes(outcome.code)) return outcome;
      const sentence = explain(outcome.output, {
        stack: stack.name,
        environment,
        account: settings.account_id,
        stateBucket: settings.state_bucket,
        offers: host.offers,
        endpoint: host.env.AWS_ENDPOINT_URL,
      });
      throw new TerraformFailure(
        sentence ?? `terraform ${args[0]} of ${stack.name} failed:\n${errorOf(outcome.output)}`,
        outcome.output,
      );
    },
  };
};

/** Terraform failed; `output` is all it said. */
export class TerraformFailure extends OperatorProblem {
  readonly output: string;
  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}
