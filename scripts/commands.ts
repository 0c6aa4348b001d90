/**
 * Every command of an operator, in the order in which somebody meets them. Each is loaded when it is asked for: those that
 * synthesize load the provider's bindings, and whoever asks for another need not wait for that.
 */
import { type Command, type Options, runCommand } from './platform/command.ts';
import type { Described } from './platform/described.ts';
import type { Host } from './platform/host.ts';

/** A command that is not loaded yet. */
export interface Entry {
  /** As in `npm run <name>`. */
  readonly name: string;
  readonly describe: () => Promise<Described>;
  /** Answers the exit code. */
  readonly run: (args: readonly string[], host?: Host) => Promise<number>;
}

/** Gives a command its place. The name stands here as well, so that it can be found without loading anything. */
const entry = <const O extends Options>(name: string, load: () => Promise<Command<O>>): Entry => ({
  name,
  describe: load,
  run: async (args, host) => runCommand(await load(), args, host),
});

const looking: readonly Entry[] = [
  entry('environments', async () => (await import('./environments.ts')).environments),
  entry('emulate', async () => (await import('./emulate.ts')).emulate),
  entry('cost', async () => (await import('./cost.ts')).cost),
  entry('synth', async () => (await import('./synth.ts')).synth),
  entry('policy:convert', async () => (await import('./policy-convert.ts')).policyConvert),
];

const deploying: readonly Entry[] = [
  entry('bootstrap', async () => (await import('./bootstrap.ts')).bootstrap),
  entry('image', async () => (await import('./image.ts')).image),
  entry('secrets', async () => (await import('./secrets.ts')).secrets),
  entry('member-role', async () => (await import('./member-role.ts')).memberRole),
  entry('plan', async () => (await import('./plan.ts')).plan),
  entry('deploy', async () => (await import('./deploy.ts')).deploy),
  entry('destroy', async () => (await import('./destroy.ts')).destroy),
];

const operating: readonly Entry[] = [
  entry('doctor', async () => (await import('./doctor.ts')).doctor),
  entry('drift', async () => (await import('./drift.ts')).drift),
  entry('image:back', async () => (await import('./image-back.ts')).imageBack),
  entry('migrate', async () => (await import('./migrate.ts')).migrate),
  entry('cutover', async () => (await import('./cutover.ts')).cutover),
  entry('scale', async () => (await import('./scale.ts')).scale),
  entry('failover', async () => (await import('./failover.ts')).failover),
  entry('maintenance', async () => (await import('./maintenance.ts')).maintenance),
  entry('alarms:test', async () => (await import('./alarms-test.ts')).alarmsTest),
  entry('backup:verify', async () => (await import('./backup-verify.ts')).backupVerify),
  entry('weekend', async () => (await import('./weekend.ts')).weekend),
  entry('restore', async () => (await import('./restore.ts')).restore),
  entry('security:review', async () => (await import('./security-review.ts')).securityReview),
  entry('move', async () => (await import('./move.ts')).move),
  entry('audit:verify', async () => (await import('./audit-verify.ts')).auditVerify),
  entry('audit:files', async () => (await import('./audit-files.ts')).auditFiles),
  entry('audit:import', async () => (await import('./audit-import.ts')).auditImport),
];

const spending: readonly Entry[] = [
  entry('cost:review', async () => (await import('./cost-review.ts')).costReview),
  entry('cost:spike', async () => (await import('./cost-spike.ts')).costSpike),
  entry('cost:right-size', async () => (await import('./cost-right-size.ts')).costRightSize),
  entry('phase:check', async () => (await import('./phase-check.ts')).phaseCheck),
];

export interface Group {
  /** What somebody wants to do who looks here. */
  readonly title: string;
  readonly entries: readonly Entry[];
}

export const groups: readonly Group[] = [
  { title: 'Look, without an account', entries: looking },
  { title: 'Deploy', entries: deploying },
  { title: 'Operate', entries: operating },
  { title: 'Watch costs', entries: spending },
];

export const entries: readonly Entry[] = groups.flatMap((group) => group.entries);

/** Loads every command, one after the other because most of what they load is the same. */
export const describeAll = async (): Promise<readonly Described[]> => {
  const all: Described[] = [];
  for (const { describe } of entries) all.push(await describe());
  return all;
};
