/** Alarms on what people and agents do, taken from the log: refused sign-ins and accounts, unusual changes. */
import { watchedCodes, watchedTool } from '../../contracts/logs.ts';
import type { AlarmContract } from '../../contracts/packs/pack.ts';
import type { AlarmSpec } from './alarm.ts';
import { emitted, emittedBy, type LogPattern, logged, reads, type Signal, signalMetric } from './signals.ts';

export interface BehaviourWatch {
  /** Namespace of this environment's signals. */
  readonly namespace: string;
  /** The log group of the service. */
  readonly log: string;
  /**
   * What stands in it. countersign: metrics and lines of the contracts. json: lines of contracts/logs.ts, from a custom
   * image. text: nothing that can be counted.
   */
  readonly writes: 'countersign' | 'json' | 'text';
  /** The access log of the HTTP API, where there is one. */
  readonly apiLog?: string | undefined;
  /** Alarms of the enabled packs, by kind. */
  readonly packs?: Readonly<Record<string, PackAlarm>>;
  /** Some tool that is served changes budgets. */
  readonly budgets: boolean;
  /** The audit log is exported for auditors. */
  readonly exports: boolean;
  /** Some enabled pack calls APIs outside AWS. */
  readonly callsOut: boolean;
  /** Some enabled pack takes webhooks. */
  readonly webhooks: boolean;
  readonly limits: {
    /** Each in an hour. */
    readonly authFailures: number;
    readonly accountRefusals: number;
    readonly budgetChanges: number;
    readonly safetyLimits: number;
  };
}

/** An alarm of a pack with its number. */
export interface PackAlarm extends Omit<AlarmContract, 'threshold'> {
  readonly threshold: number;
}

export interface Behaviour {
  readonly signals: readonly Signal[];
  readonly alarms: readonly AlarmSpec[];
}

interface Count {
  readonly kind: string;
  readonly topic: AlarmSpec['topic'];
  readonly meaning: string;
  readonly limit: number;
  /** Seconds. */
  readonly period: number;
  readonly periods?: number;
  /** Default: the sum. */
  readonly statistic?: 'Maximum';
  readonly service?: LogPattern | undefined;
  readonly api?: LogPattern | undefined;
}

const hour = 3600;

// The access log has every variable as text, and - for what a request never got to.
const gatewayUnauthorized: LogPattern = {
  pattern: '{ ($.status = "401") && ($.integrationStatus = "-") }',
  value: '1',
};
const anyUnauthorized: LogPattern = { pattern: '{ ($.status = "401") }', value: '1' };

const counts = ({ writes, budgets, exports, callsOut, webhooks, limits }: BehaviourWatch): Count[] => {
  const own = writes === 'countersign';
  return [
    {
      kind: 'unauthorized',
      topic: 'security',
      meaning: `Over ${limits.authFailures} answers 401 in an hour. See which addresses: a client with an old token, or somebody who tries.`,
      limit: limits.authFailures,
      period: hour,
      service: logged({ status: 401 }),
      // What the service answered itself stands in its own log, if that can be read.
      api: writes === 'text' ? anyUnauthorized : gatewayUnauthorized,
    },
    {
      kind: 'refused-accounts',
      topic: 'security',
      meaning: `Over ${limits.accountRefusals} calls in an hour asked for accounts their caller may not use. Read the audit log of that person.`,
      limit: limits.accountRefusals,
      period: hour,
      service: own
        ? emitted('ToolErrors', { Code: watchedCodes.accountRefused })
        : logged({ code: watchedCodes.accountRefused }),
    },
    {
      kind: 'safety-limits',
      topic: 'admin',
      meaning: `Over ${limits.safetyLimits} changes in an hour were over a safety limit. Somebody needs help, or an agent is out of hand.`,
      limit: limits.safetyLimits,
      period: hour,
      service: own
        ? emitted('ToolErrors', { Code: watchedCodes.safetyLimit })
        : logged({ code: watchedCodes.safetyLimit }),
    },
    ...(budgets
      ? [
          {
            kind: 'budget-changes',
            topic: 'admin',
            meaning: `Over ${limits.budgetChanges} calls of ${watchedTool} in an hour: an automation may have gone wrong. See who calls.`,
            limit: limits.budgetChanges,
            period: hour,
            service: own ? emitted('ToolCalls', { Tool: watchedTool }) : logged({ tool: watchedTool }),
          } as const,
        ]
      : []),
    ...(own && callsOut
      ? ([
          {
            kind: 'upstream-failing',
            topic: 'ops',
            meaning:
              'An API that a tool pack calls failed several times in a row, and is left alone for a while. See the log for which.',
            limit: 0,
            period: 300,
            service: emitted('UpstreamBreakers', { State: 'opened' }),
          },
        ] as const)
      : []),
    ...(own && webhooks
      ? ([
          {
            kind: 'refused-webhooks',
            topic: 'ops',
            meaning:
              'Over 4 messages of webhooks in a quarter of an hour were refused, and may be lost. See the log for whose and why: an old token, a topic that is not expected, another form.',
            limit: 4,
            period: 900,
            service: emitted('WebhookMessages', { Outcome: 'refused' }),
          },
        ] as const)
      : []),
    ...(own
      ? ([
          {
            kind: 'audit-failures',
            topic: 'security',
            meaning: 'Audit records could not be written; what they were about was refused. See the store.',
            limit: 0,
            period: 300,
            service: emitted('AuditWrites', { Outcome: 'failed' }),
          },
          {
            kind: 'audit-tampered',
            topic: 'security',
            meaning:
              'Audit records, heads or anchors are not as the service left them. Run audit:verify, and leave the store as it is.',
            limit: 0,
            period: 300,
            service: emitted('AuditAnchors', { Outcome: 'broken' }),
          },
          {
            kind: 'audit-anchors',
            topic: 'ops',
            meaning:
              'The heads of the audit log are not anchored. See the log for why: the archive bucket, its key, the task role.',
            limit: 1,
            period: 900,
            service: emitted('AuditAnchors', { Outcome: 'failed' }),
          },
          {
            kind: 'failed-jobs',
            topic: 'ops',
            meaning:
              'A job failed as often as it may be tried, and is kept on the page /jobs. See there, and in the log, for why.',
            limit: 0,
            period: 300,
            service: emitted('Jobs', { Outcome: 'failed' }),
          },
          ...(exports
            ? [
                {
                  kind: 'audit-export',
                  topic: 'ops',
                  meaning:
                    'Audit records of two hours ago are in no file for auditors yet. See the log for why: the archive bucket, its key, the task role, or a log that is not whole.',
                  limit: 2 * hour,
                  // It is measured every quarter of an hour.
                  period: hour,
                  statistic: 'Maximum',
                  service: emitted('AuditExportLag'),
                } as const,
              ]
            : []),
          {
            kind: 'store-down',
            topic: 'ops',
            meaning: 'The service does not reach a store. See /health for which.',
            limit: 0,
            period: 60,
            periods: 3,
            service: reads('StoreHealthy', 0),
          },
        ] as const)
      : []),
  ];
};

const signalsOf = ({ kind, service, api }: Count, { log, apiLog, writes }: BehaviourWatch): Signal[] => [
  ...(service !== undefined && writes !== 'text' ? [{ name: kind, source: 'service', logGroup: log, ...service }] : []),
  ...(api !== undefined && apiLog !== undefined ? [{ name: kind, source: 'api', logGroup: apiLog, ...api }] : []),
];

/** Packs emit metrics through Countersign alone. */
const ofPacks = ({ packs = {}, writes, log, namespace }: BehaviourWatch): Behaviour => {
  const heard = writes === 'countersign' ? Object.entries(packs) : [];
  return {
    signals: heard.map(([kind, { metric, dimensions }]) => ({
      name: kind,
      source: 'service',
      logGroup: log,
      ...emittedBy(metric, dimensions),
    })),
    alarms: heard.map(([kind, { statistic, sounds, threshold, period, periods, topic, meaning }]) => ({
      kind,
      topic,
      meaning,
      watched: { ...signalMetric(namespace, kind), statistic },
      sounds,
      threshold,
      period,
      periods,
      silence: sounds === 'above' ? 'fine' : 'wrong',
    })),
  };
};

/** The alarms, and the signals they hear. What no log tells has no alarm. */
export const behaviour = (watch: BehaviourWatch): Behaviour => {
  const packs = ofPacks(watch);
  const heard = counts(watch)
    .map((count) => ({ count, signals: signalsOf(count, watch) }))
    .filter(({ signals }) => signals.length > 0);
  return {
    signals: [...heard.flatMap(({ signals }) => signals), ...packs.signals],
    alarms: [
      ...heard.map(
        ({ count: { kind, topic, meaning, limit, period, periods = 1, statistic = 'Sum' as const } }): AlarmSpec => ({
          kind,
          topic,
          meaning,
          watched: { ...signalMetric(watch.namespace, kind), statistic },
          sounds: 'above',
          threshold: limit,
          period,
          periods,
          silence: 'fine',
        }),
      ),
      ...packs.alarms,
    ],
  };
};
