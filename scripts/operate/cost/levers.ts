/**
 * What makes an environment cheaper at once and can be undone. Nothing of the audit log, sign-in, approvals or alarms:
 * log_level goes no further than info, because alarms read those lines.
 */
import { environment as variables } from '../../../contracts/environment.ts';
import { ownershipOf } from '../../../contracts/settings/owned.ts';
import type { Settings } from '../../../contracts/settings/resolve.ts';

export type LeverName = 'max_count' | 'lambda_reserved_concurrency' | 'BUDGET_CALLS_PER_HOUR' | 'log_level';

export interface Lever {
  readonly name: LeverName;
  /** Services that it makes cheaper, as Cost Explorer calls them. Undefined: whatever calls of tools cost. */
  readonly against?: readonly string[];
  readonly now: string;
  /** As the environment's file must say it. */
  readonly wanted: string;
  /** What it does, and to whom. */
  readonly effect: string;
  /** Operations own the value, so a command changes it and no deployment changes it back. */
  readonly byCommand: boolean;
}

/** Executions that AWS leaves to nobody else, where none were reserved. */
const FEW = 10;

const half = (value: number): number => Math.max(1, Math.floor(value / 2));

type LeverOf = (settings: Settings) => Lever | undefined;

const maxCount: LeverOf = (settings) => {
  const { compute_mode, autoscale, max_count, min_count } = settings;
  if (compute_mode === 'lambda' || !autoscale || max_count <= min_count) return undefined;
  const fargate = compute_mode === 'fargate';
  return {
    name: 'max_count',
    against: fargate
      ? ['Amazon Elastic Container Service', 'Amazon Virtual Private Cloud']
      : ['Amazon Elastic Compute Cloud - Compute', 'EC2 - Other', 'Amazon Virtual Private Cloud'],
    now: `max_count = ${max_count}`,
    wanted: `max_count = ${Math.max(min_count, half(max_count))}`,
    effect: 'Scaling ends there; answers get slower under more load.',
    byCommand: ownershipOf(settings).bounds,
  };
};

const reservedConcurrency: LeverOf = (settings) => {
  const { compute_mode, lambda_reserved_concurrency: reserved, lambda_provisioned_concurrency: warm } = settings;
  if (compute_mode !== 'lambda') return undefined;
  const wanted = Math.max(1, warm, reserved === undefined ? FEW : half(reserved));
  if (wanted === reserved) return undefined;
  return {
    name: 'lambda_reserved_concurrency',
    against: ['AWS Lambda', 'Amazon API Gateway'],
    now: reserved === undefined ? 'not set: the account’s limit' : `lambda_reserved_concurrency = ${reserved}`,
    wanted: `lambda_reserved_concurrency = ${wanted}`,
    effect: 'Calls above it are answered 429. The account must keep 100 executions that nobody reserves.',
    byCommand: false,
  };
};

const callBudget: LeverOf = ({ container, container_env }) => {
  // A custom image has its own variables.
  if (container !== 'countersign') return undefined;
  const budget = variables.BUDGET_CALLS_PER_HOUR.schema.parse(container_env.BUDGET_CALLS_PER_HOUR);
  if (budget <= 1) return undefined;
  return {
    name: 'BUDGET_CALLS_PER_HOUR',
    now: `BUDGET_CALLS_PER_HOUR = "${budget}"`,
    wanted: `BUDGET_CALLS_PER_HOUR = "${half(budget)}" in container_env`,
    effect: 'An agent in a loop is stopped sooner (budget_exhausted). Approvals of people do not count as calls.',
    byCommand: false,
  };
};

const logLevel: LeverOf = ({ log_level, container_env: { LOG_LEVEL } }) => {
  // The variable wins over the setting.
  const level = LOG_LEVEL ?? log_level;
  if (level !== 'debug' && level !== 'trace') return undefined;
  const [where, now] = LOG_LEVEL === undefined ? ['', 'log_level'] : [' in container_env', 'LOG_LEVEL'];
  return {
    name: 'log_level',
    against: ['AmazonCloudWatch'],
    now: `${now} = "${level}"`,
    wanted: `${now} = "info"${where}`,
    effect: 'Fewer lines. Lines that alarms read, and the audit log, stay.',
    byCommand: false,
  };
};

const all: readonly LeverOf[] = [maxCount, reservedConcurrency, callBudget, logLevel];

/** Those the environment has. */
export const leversOf = (settings: Settings): Lever[] => all.flatMap((leverOf) => leverOf(settings) ?? []);

/** Levers that help against spikes of these services; all of them when the services are unknown. */
export const leversAgainst = (settings: Settings, services: readonly string[]): Lever[] =>
  leversOf(settings).filter(
    ({ against }) => against === undefined || services.length === 0 || services.some((each) => against.includes(each)),
  );
