/**
 * `node scripts/plan-review/cost-delta.ts --base HEAD^1`: what a change of settings costs or saves a month, environment by
 * environment. The settings before are those of the base's files; prices and modules are the ones that stand here.
 */

import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { isDeepStrictEqual, promisify } from 'node:util';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { EnvironmentError } from '../../modules/tfvars/error.ts';
import { environmentPaths, isExample, isSettingsFile, pathOf, readText } from '../../modules/tfvars/files.ts';
import { readTfvars } from '../../modules/tfvars/read.ts';
import { estimate } from '../cost/estimate.ts';
import { total } from '../cost/line.ts';
import { functionArchives } from '../platform/archives.ts';
import { defineCommand, type Host, runAsProgram } from '../platform/command.ts';
import { during } from '../platform/host.ts';
import { json } from '../platform/options.ts';
import { OperatorProblem } from '../platform/problem.ts';
import { scratchFolder } from '../platform/scratch.ts';
import { type CostDelta, costText } from './cost-text.ts';

const git = async ({ root }: Host, ...args: string[]): Promise<string> => {
  try {
    return (await promisify(execFile)('git', args, { cwd: root, maxBuffer: 16 * 1024 * 1024 })).stdout;
  } catch (error) {
    throw new OperatorProblem(`git ${args.join(' ')} failed: is the base fetched? A checkout needs fetch-depth: 2.`, {
      cause: error,
    });
  }
};

/** Texts of the settings files of a commit, by their path. */
const filesAt = async (host: Host, base: string): Promise<ReadonlyMap<string, string>> => {
  const listed = await git(host, 'ls-tree', '-r', '-z', '--name-only', base, 'environments/');
  const files = listed.split('\0').filter(isSettingsFile);
  return new Map(
    await Promise.all(files.map(async (file) => [file, await git(host, 'show', `${base}:${file}`)] as const)),
  );
};

const filesHere = async ({ root }: Host): Promise<ReadonlyMap<string, string>> => {
  const paths = await environmentPaths(root);
  return new Map(await Promise.all(paths.map(async ({ file }) => [file, await readText(root, file)] as const)));
};

/** One side of a change. */
interface Side {
  readonly regions?: readonly Settings[];
  readonly problem?: string;
}

const sideOf = async (file: string, text: string | undefined): Promise<Side> => {
  if (text === undefined) return {};
  try {
    return { regions: await readTfvars(file, text) };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return { problem: error.message.replaceAll(/\s+/g, ' ') };
  }
};

const itemsOf = (label: string, { regions }: Side, archives: string | undefined) => {
  if (regions === undefined) return undefined;
  const lines = estimate(label, regions, archives).flatMap((region) => region.lines);
  return Object.fromEntries([...Map.groupBy(lines, ({ item }) => item)].map(([item, of]) => [item, total(of)]));
};

/** A settings file before and after the change. */
interface Changed {
  readonly file: string;
  readonly was: Side;
  readonly is: Side;
}

const deltaOf = ({ file, was, is }: Changed, archives: string | undefined): CostDelta => {
  const { name, label } = pathOf(file);
  const items = itemsOf(label, is, archives);
  // Half of the work where nothing changes, which is the rule.
  const same = isDeepStrictEqual(was.regions, is.regions);
  const budget = is.regions?.[0]?.budget_usd;
  return {
    environment: name,
    before: same ? items : itemsOf(label, was, archives),
    after: items,
    ...(budget !== undefined && { budget }),
    problems: [
      ...(was.problem === undefined ? [] : [`before: ${was.problem}`]),
      ...(is.problem === undefined ? [] : [`after: ${is.problem}`]),
    ],
  };
};

/** @param base commit whose files are the settings before */
export const costDeltas = async (host: Host, base: string): Promise<readonly CostDelta[]> => {
  const [before, after] = await Promise.all([filesAt(host, base), filesHere(host)]);
  const files = [...new Set([...before.keys(), ...after.keys()])]
    .filter((file) => !isExample(pathOf(file).name))
    .sort();
  const changed = await Promise.all(
    files.map(async (file): Promise<Changed> => {
      const [was, is] = await Promise.all([sideOf(file, before.get(file)), sideOf(file, after.get(file))]);
      return { file, was, is };
    }),
  );
  const folder = await scratchFolder('cost');
  try {
    const all = changed.flatMap(({ was, is }) => [...(was.regions ?? []), ...(is.regions ?? [])]);
    const archives = await functionArchives(all, folder);
    return changed.map((each) => deltaOf(each, archives));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export const costDelta = defineCommand({
  name: 'scripts/plan-review/cost-delta.ts',
  summary: 'Says what each environment costs a month before and after a change of its settings, and its budget.',
  options: {
    base: { type: 'string', value: 'COMMIT', description: 'Whose files are the settings before. Default: HEAD^1.' },
    json,
  },
  run: async ({ base = 'HEAD^1' }, host) => {
    if (base.startsWith('-')) throw new OperatorProblem(`${base} is no commit.`);
    const costs = await during(host, 'Estimating', () => costDeltas(host, base));
    host.out(costText(costs));
    host.report({ costs });
    return 0;
  },
});

await runAsProgram(import.meta.main, costDelta);
