/**
 * How long synthesis takes, next to importing the same bindings and nothing else; and an offline plan, next to validating
 * the same stack; and the authorizer's cold start. Each is a process of its own, and the rounds are taken in turn.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { bundleFunctions } from '../build-functions.ts';
import { initStack } from '../platform/plans.ts';
import { openTerraform } from '../platform/terraform.ts';
import { terraformVariables } from '../platform/variables.ts';
import { openWorkspace } from '../platform/workspace.ts';
import { type ColdStart, measureColdStart } from './cold-start.ts';
import { median } from './process.ts';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** The environments that are synthesized: what a founder's pull request checks. */
const environments = ['dev', 'staging', 'prod'] as const;

export interface PlatformReport {
  readonly rounds: number;
  readonly bindings: number;
  readonly resources: number;
  /** Milliseconds, medians. */
  readonly importing: number;
  /** Over what Node compiled before, as every npm script is. */
  readonly importingAgain: number;
  readonly synthesizing: number;
  readonly plans: readonly {
    readonly environment: string;
    readonly resources: number;
    readonly validate: number;
    readonly plan: number;
  }[];
  readonly coldStart: ColdStart;
}

/** Every package that modules/ imports, each once; HCL's parser too, which is imported for settings that need it. */
const bindingsOf = async (): Promise<string[]> => {
  const files = await readdir(join(root, 'modules'), { recursive: true });
  const sources = files.filter((file) => file.endsWith('.ts') && !/\.test\.ts$|^(testing|proof)\//.test(file));
  const texts = await Promise.all(sources.map((file) => readFile(join(root, 'modules', file), 'utf8')));
  const names = texts.flatMap((text) =>
    [
      ...text.matchAll(/^import (?!type )[^;]*? from '((?:@cdktf|cdktf|constructs)[^']*)'/gm),
      ...text.matchAll(/\bimport\('(@cdktf[^']*)'\)/g),
    ].map(([, name = '']) => name),
  );
  return [...new Set(names)].sort();
};

/** Milliseconds of a Node process from start to end. @param cache where it keeps what it compiles; undefined: nowhere */
const timed = async (args: readonly string[], cache?: string): Promise<number> => {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const started = performance.now();
  await run(process.execPath, [...args], { cwd: root, env: { ...env, ...(cache && { NODE_COMPILE_CACHE: cache }) } });
  return performance.now() - started;
};

const synthesizeAll = (folder: string): string[] => [
  '--input-type=module',
  '--eval',
  [
    `import { readEnvironment } from './modules/tfvars/read.ts';`,
    `import { synthesize } from './modules/stacks/synthesize.ts';`,
    `for (const name of ${JSON.stringify(environments)}) {`,
    `  const { label, regions } = await readEnvironment(process.cwd(), name);`,
    `  const target = { kind: 'offline', stateFolder: ${JSON.stringify(folder)} };`,
    `  await synthesize({ label, regions, target, outdir: ${JSON.stringify(folder)} + '/' + name, archives: ${JSON.stringify(join(folder, 'functions'))} });`,
    `}`,
  ].join('\n'),
];

const countResources = async (file: string): Promise<number> => {
  const { resource = {} } = JSON.parse(await readFile(file, 'utf8')) as { resource?: Record<string, object> };
  return Object.values(resource).reduce((sum, named) => sum + Object.keys(named).length, 0);
};

const planOf = async (
  environment: string,
  folder: string,
  rounds: number,
): Promise<PlatformReport['plans'][number]> => {
  const quiet = () => {};
  const host = { root, env: process.env, out: quiet, err: quiet, ask: undefined };
  const workspace = await openWorkspace(host, {
    environment,
    out: join(folder, `plan-${environment}`),
    target: { kind: 'offline' },
  });
  const [stack] = workspace.stacks;
  if (stack === undefined) throw new Error(`${environment} has no stack`);
  const terraform = await openTerraform(host, workspace, { variables: await terraformVariables(workspace) });
  await initStack(terraform, stack, undefined);
  const took = async (...args: string[]): Promise<number> => {
    const started = performance.now();
    await terraform.run(stack, args);
    return performance.now() - started;
  };
  const [validate, plan]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    validate.push(await took('validate', '-no-color'));
    plan.push(await took('plan', '-no-color', '-input=false', '-lock=false'));
  }
  return {
    environment,
    resources: await countResources(join(stack.folder, 'cdk.tf.json')),
    validate: median(validate),
    plan: median(plan),
  };
};

/** @param rounds of each, in turn */
export const measurePlatform = async (rounds: number): Promise<PlatformReport> => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-platform-'));
  try {
    await bundleFunctions(join(folder, 'functions'));
    const bindings = await bindingsOf();
    const imports = bindings.map((name) => `import '${name}';`).join('\n');
    const [importing, importingAgain, synthesizing]: [number[], number[], number[]] = [[], [], []];
    const cache = join(folder, 'compiled');
    const bare = ['--input-type=module', '--eval', imports];
    await timed(synthesizeAll(folder), cache);
    for (let round = 0; round < rounds; round++) {
      importing.push(await timed(bare));
      importingAgain.push(await timed(bare, cache));
      synthesizing.push(await timed(synthesizeAll(folder), cache));
    }
    const plans: PlatformReport['plans'][number][] = [];
    for (const environment of environments) plans.push(await planOf(environment, folder, Math.min(3, rounds)));
    return {
      rounds,
      bindings: bindings.length,
      resources: plans.reduce((sum, plan) => sum + plan.resources, 0),
      importing: median(importing),
      importingAgain: median(importingAgain),
      synthesizing: median(synthesizing),
      plans,
      coldStart: await measureColdStart(join(folder, 'functions'), rounds),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);

/** Markdown. */
export const tellPlatform = ({
  rounds,
  bindings,
  resources,
  importing,
  importingAgain,
  synthesizing,
  plans,
  coldStart,
}: PlatformReport): string =>
  [
    `Medians of ${rounds} runs, each a process of its own.`,
    '',
    '| | s | ratio |',
    '|---|--:|--:|',
    `| import the ${bindings} bindings that modules/ uses, and nothing else | ${seconds(importing)} | 1.0 |`,
    `| the same, compiled before | ${seconds(importingAgain)} | ${(importingAgain / importing).toFixed(1)} |`,
    `| read, check and synthesize ${environments.join(', ')}: ${resources} resources | ${seconds(synthesizing)} | ${(synthesizing / importing).toFixed(1)} |`,
    '',
    '| environment | resources | `terraform validate`, s | `terraform plan` offline, s | ratio |',
    '|---|--:|--:|--:|--:|',
    ...plans.map(
      (p) =>
        `| ${p.environment} | ${p.resources} | ${seconds(p.validate)} | ${seconds(p.plan)} | ${(p.plan / p.validate).toFixed(1)} |`,
    ),
    '',
    '| | ms | ratio |',
    '|---|--:|--:|',
    `| Node starts and ends | ${Math.round(coldStart.node)} | 1.0 |`,
    `| Node starts, loads the authorizer’s bundle, fetches the key and decides about a token | ${Math.round(coldStart.authorizer)} | ${(coldStart.authorizer / coldStart.node).toFixed(1)} |`,
  ].join('\n');
