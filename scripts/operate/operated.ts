/** An environment as the commands beside deploying see it: what its settings say in each region, without synthesizing. */
import type { Settings } from '../../contracts/settings/resolve.ts';
import { settingsAt } from '../../contracts/settings/weekend.ts';
import { type Deployment, deploymentOf } from '../../modules/stacks/deployment.ts';
import { readEnvironment } from '../../modules/tfvars/read.ts';
import type { Host } from '../platform/command.ts';
import { explain } from '../platform/failures.ts';
import { nowOf } from '../platform/host.ts';
import { checkAccount } from '../platform/identity.ts';
import { OperatorProblem } from '../platform/problem.ts';
import { pickRegions } from '../platform/regions.ts';

export interface Operated {
  /** What `--environment` takes. */
  readonly environment: string;
  readonly label: string;
  /** Path of its tfvars file from the root of the repository. */
  readonly file: string;
  /** Of the primary region. */
  readonly settings: Settings;
  /** One a region, the primary one first. */
  readonly deployments: readonly Deployment[];
}

/** @throws EnvironmentError, and OperatorProblem for a region it has not got */
export const openOperated = async (
  host: Host,
  asked: { readonly environment?: string; readonly region?: string },
): Promise<Operated> => {
  const read = await readEnvironment(host.root, asked.environment ?? host.env.ENVIRONMENT);
  const { name: environment, label, file } = read;
  // What is to be there now, without a load balancer between weekends.
  const regions = read.regions.map((each) => settingsAt(each, nowOf(host)));
  for (const notice of read.notices) host.err(notice);
  const [settings] = regions;
  if (settings === undefined) throw new OperatorProblem(`${environment} has no region.`);
  const all = regions.map((each, index) => deploymentOf(each, index, { target: { kind: 'aws' } }));
  const deployments = pickRegions(environment, asked.region, all, (each) => each.region);
  return { environment, label, file, settings, deployments };
};

/** @throws OperatorProblem where the credentials are missing, expired or of another account */
export const checkOperator = (host: Host, { environment, settings }: Operated): Promise<void> =>
  checkAccount(host, { environment, settings, target: { kind: 'aws' } });

export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.some((name) => error.name === name);

/** Every error that the AWS SDK throws for an answer has its metadata. */
export const isFromAws = (error: unknown): error is Error => error instanceof Error && '$metadata' in error;

/**
 * Runs calls to AWS so that what it refuses is one sentence.
 * @throws OperatorProblem
 */
export const callingAws = async <T>(
  { environment, settings }: Pick<Operated, 'environment' | 'settings'>,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OperatorProblem || !(error instanceof Error)) throw error;
    const text = `${error.name} ${error.message}`;
    const said = explain(text, {
      stack: environment,
      environment,
      account: settings.account_id,
      stateBucket: settings.state_bucket,
    });
    if (said === undefined && !isFromAws(error)) throw error;
    throw new OperatorProblem(said ?? `AWS refused: ${text}`, { cause: error });
  }
};

/** Resolves to undefined where a call ends with one of the errors that mean: there is no such thing. */
export const unlessMissing = async <T>(call: Promise<T>, ...names: readonly string[]): Promise<T | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (isNamed(error, ...names)) return undefined;
    throw error;
  }
};
