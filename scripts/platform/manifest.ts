/** What was planned, from what, against which state: what `deploy` holds against the world before it applies. */

import { execFile } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Host } from './command.ts';
import { hashOfFile, hashOfFolder, hashOfSources } from './hashes.ts';
import { nowOf } from './host.ts';
import { type Planned, plansFolder, StateVersion } from './plans.ts';
import { OperatorProblem } from './problem.ts';
import type { Stack, Workspace } from './workspace.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const PlanManifest = z.object({
  version: z.literal(1),
  environment: z.string(),
  account: z.string(),
  target: z.enum(['aws', 'offline', 'emulator']),
  destroy: z.boolean(),
  /** Commit of the tree; absent outside a git work tree. */
  commit: z.string().optional(),
  /** Of the synthesized stacks, so that settings and code can be seen to be the same. */
  sources: sha256,
  terraform: z.string(),
  /** Regions that had no load balancer at that time. */
  asleep: z.array(z.string()).default([]),
  createdAt: z.iso.datetime(),
  stacks: z.array(
    z.object({
      name: z.string(),
      outcome: z.enum(['changes', 'none', 'waits']),
      waitsFor: z.array(z.string()),
      /** Absent while it waits. */
      plan: z.object({ sha256, folder: sha256, state: StateVersion }).optional(),
    }),
  ),
});
export type PlanManifest = z.infer<typeof PlanManifest>;

/** Plans of one region stand beside those of all. */
const fileOf = (out: string, label: string, region: string | undefined): string =>
  join(plansFolder(out), `${[label, ...(region === undefined ? [] : [region])].join('-')}.manifest.json`);

export const commitOf = async (root: string): Promise<string | undefined> =>
  promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: root }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );

export interface ManifestOptions {
  readonly host: Host;
  readonly workspace: Workspace;
  readonly region?: string | undefined;
  readonly terraform: string;
  readonly destroy?: boolean;
}

export const writeManifest = async (
  { host, workspace, region, terraform, destroy = false }: ManifestOptions,
  planned: readonly Planned[],
): Promise<PlanManifest> => {
  const stacks = planned.map(async ({ stack, outcome, waitsFor, made }) => ({
    name: stack.name,
    outcome,
    waitsFor: [...waitsFor],
    ...(made !== undefined && {
      plan: { sha256: await hashOfFile(made.file), folder: await hashOfFolder(stack.folder), state: made.state },
    }),
  }));
  const commit = await commitOf(host.root);
  const manifest: PlanManifest = {
    version: 1,
    environment: workspace.environment,
    account: workspace.settings.account_id,
    target: workspace.target.kind,
    destroy,
    ...(commit !== undefined && { commit }),
    sources: await hashOfSources(workspace.stacks),
    terraform,
    asleep: [...(workspace.asleep ?? [])],
    createdAt: nowOf(host).toISOString(),
    stacks: await Promise.all(stacks),
  };
  await writeFile(fileOf(workspace.out, workspace.label, region), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
};

/** Undefined when nothing was planned. @throws OperatorProblem when the file is damaged */
export const readManifest = async (
  out: string,
  label: string,
  region: string | undefined,
): Promise<PlanManifest | undefined> => {
  const file = fileOf(out, label, region);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return PlanManifest.parse(JSON.parse(text));
  } catch (error) {
    throw new OperatorProblem(`${file} is damaged: plan again.`, { cause: error });
  }
};

export const planFile = (out: string, stack: string): string => join(plansFolder(out), `${stack}.tfplan`);

/** A plan is applied once. What it held is deleted; the manifest stays as a record. */
export const retire = async ({ out, label }: Workspace, region: string | undefined, stacks: readonly Stack[]) => {
  for (const { name } of stacks) {
    await rm(planFile(out, name), { force: true });
    await rm(join(plansFolder(out), `${name}.plan.json`), { force: true });
  }
  const file = fileOf(out, label, region);
  await rename(file, file.replace(/\.manifest\.json$/, '.applied.json'));
};
