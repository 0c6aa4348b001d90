/** Cutovers of a function: the weights of its alias, between the version in service and the one published last. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Deployment } from '../../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../../platform/problem.ts';
import { runningNames } from '../../running.ts';
import { type Found, NothingToShift, type Way } from '../ports.ts';
import { type Saved, weightsText } from '../run.ts';
import type { Figures } from '../seen.ts';
import { figuresOf } from './figures.ts';
import { functionOn, type LiveFunction, newestOf, type Version } from './function.ts';
import { keepWarm, warmthOf } from './warm.ts';
import { liveOf, variantOf, writeAlias } from './weights.ts';

/** The version that was published last. @throws OperatorProblem where it is not what was deployed last */
const newest = (versions: readonly Version[], name: string): Version => {
  const found = newestOf(versions);
  if (found === undefined) throw new OperatorProblem(`No version of ${name} is published: npm run deploy`);
  const uploaded = versions.find(({ version }) => version === '$LATEST');
  if (uploaded !== undefined && uploaded.code !== found.code)
    throw new OperatorProblem(
      `The code of ${name} was changed after version ${found.version} was published: npm run deploy, so that the cutover is to what was reviewed.`,
    );
  return found;
};

export interface Wanted {
  /** Name of the alias. */
  readonly alias: string;
  /** Executions that the settings keep warm. */
  readonly provisioned: number;
}

const survey = async (fn: LiveFunction, { alias: name, provisioned }: Wanted): Promise<Found> => {
  const alias = await fn.alias();
  if (alias === undefined)
    throw new OperatorProblem(`There is no function ${fn.name} with an alias ${name}: npm run deploy`);
  const { weights } = liveOf(alias);
  if (Object.keys(weights).length > 1)
    throw new OperatorProblem(
      `Traffic is split already (${weightsText(weights)}), and by no open cutover: give one version all of it first, as docs/runbooks/counts-and-weights.md says.`,
    );
  if ((await fn.provisioned(name)) !== undefined)
    throw new OperatorProblem(
      `${fn.name}:${name} keeps executions warm itself, and an alias that does cannot have weights: npm run deploy with lambda_cutover, which leaves them to the versions.`,
    );
  const versions = await fn.versions();
  const fresh = newest(versions, fn.name);
  if (fresh.version === alias.version)
    throw new NothingToShift(
      `Version ${alias.version} of ${fn.name} takes all traffic and is the newest: npm run deploy publishes another.`,
    );
  const old = versions.find(({ version }) => version === alias.version);
  const saved: Record<string, Saved> = {};
  for (const { version, code } of [old ?? { version: alias.version, code: '' }, fresh])
    saved[variantOf(version)] = {
      desired: (await fn.provisioned(version))?.requested ?? 0,
      schedules: {},
      image: `${fn.name}:${version} ${code}`,
    };
  const variants = { old: variantOf(alias.version), new: variantOf(fresh.version) };
  const parts = { function: fn.name, alias: name, provisioned: String(provisioned) };
  return { variants, parts, saved, weights: { [variants.old]: 100, [variants.new]: 0 } };
};

/** @param figures reads the metrics of the versions */
export const wayOver = (fn: LiveFunction, wanted: Wanted, figures: Way['figures']): Way => ({
  survey: () => survey(fn, wanted),
  live: async () => liveOf(await fn.alias()),
  setWeights: (run, weights) => writeAlias(fn, run, weights),
  scale: (run, variant, to, how) => keepWarm(fn, run, variant, to, how),
  warmth: (run, variant, atLeast) => warmthOf(fn, run, variant, atLeast),
  figures,
});

/** An operator's calls share their quota with everything else in the account. */
const maxAttempts = 6;

export const aliasWay = (deployment: Deployment): Way => {
  const { region, settings } = deployment;
  const names = runningNames(deployment);
  const metrics = new CloudWatchClient({ region, maxAttempts });
  const fn = functionOn(new LambdaClient({ region, maxAttempts }), names.function, names.alias);
  const figures = (...asked: Parameters<Way['figures']>): Promise<Figures> => figuresOf(metrics, ...asked);
  return wayOver(fn, { alias: names.alias, provisioned: settings.lambda_provisioned_concurrency }, figures);
};
