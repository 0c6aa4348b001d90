/**
 * Every metric the service emits. The platform derives alarms and dashboard widgets; the service derives the typed
 * emitter, so a name that nobody emits or nobody declared does not compile.
 */

import type { MetricContract } from './metric.ts';
import { merged, packOf } from './packs/index.ts';

/** CloudWatch namespace of all metrics below. */
export const metricNamespace = 'Countersign';

const coreMetrics = {
  RequestCount: {
    kind: 'counter',
    unit: 'Count',
    description: 'HTTP requests answered, by route and status class (2xx, 4xx, 5xx).',
    dimensions: ['Route', 'StatusClass'],
  },
  RequestDuration: {
    kind: 'histogram',
    unit: 'Milliseconds',
    description: 'Time to answer an HTTP request.',
    dimensions: ['Route'],
  },
  ToolCalls: {
    kind: 'counter',
    unit: 'Count',
    description: 'Tool calls by outcome (success, error, blocked).',
    dimensions: ['Tool', 'Outcome'],
  },
  ToolDuration: {
    kind: 'histogram',
    unit: 'Milliseconds',
    description: 'Time to run a tool, upstream calls included.',
    dimensions: ['Tool'],
  },
  ToolErrors: {
    kind: 'counter',
    unit: 'Count',
    description: 'Tool errors by code, such as ACCOUNT_NOT_AUTHORIZED or SAFETY_LIMIT_EXCEEDED.',
    dimensions: ['Code'],
  },
  AuthFailures: {
    kind: 'counter',
    unit: 'Count',
    description:
      'Answers 401, and 403 for a missing scope, by reason. step_up_link: a client that did not step up was told the page.',
    dimensions: ['Reason'],
  },
  StepUps: {
    kind: 'counter',
    unit: 'Count',
    description: 'Scopes raised, by way (token, page).',
    dimensions: ['Way'],
  },
  OperationTransitions: {
    kind: 'counter',
    unit: 'Count',
    description: 'Operations entering a status.',
    dimensions: ['Status'],
  },
  ChangesApplied: {
    kind: 'counter',
    unit: 'Count',
    description: 'Single resource changes by outcome (applied, failed, skipped).',
    dimensions: ['Tool', 'Outcome'],
  },
  UpstreamCalls: {
    kind: 'counter',
    unit: 'Count',
    description:
      'Tries of calls to upstream APIs by service and outcome (ok, refused, throttled, error; unsent: the breaker is open or too many wait; cancelled).',
    dimensions: ['Service', 'Outcome'],
  },
  UpstreamDuration: {
    kind: 'histogram',
    unit: 'Milliseconds',
    description: 'Time of a try of a call to an upstream API; of a call by the AWS SDK, its tries together.',
    dimensions: ['Service'],
  },
  UpstreamBreakers: {
    kind: 'counter',
    unit: 'Count',
    description:
      'Breakers of upstream APIs that opened after failures in a row, or closed again, by service and state.',
    dimensions: ['Service', 'State'],
  },
  WebhookMessages: {
    kind: 'counter',
    unit: 'Count',
    description:
      'Messages of webhooks by their path and outcome (taken, the first time and again; conflict: one of its id is being taken, or has another text; refused: not of its sender, too large, too many or of another form; failed: the sender may try again).',
    dimensions: ['Webhook', 'Outcome'],
  },
  Jobs: {
    kind: 'counter',
    unit: 'Count',
    description:
      'Tries of jobs that ended, by owner (the pack, or core) and outcome (done, superseded; retried: it failed and comes again; failed: it failed for good and is kept on /jobs).',
    dimensions: ['Owner', 'Outcome'],
  },
  AuditWrites: {
    kind: 'counter',
    unit: 'Count',
    description: 'Audit records by outcome (written, failed).',
    dimensions: ['Outcome'],
  },
  AuditExports: {
    kind: 'counter',
    unit: 'Count',
    description:
      'Files of the audit log for auditors, by outcome (written, found: an earlier try had written it), and partitions whose export failed (failed) or whose records are not whole (broken).',
    dimensions: ['Outcome'],
  },
  AuditExportLag: {
    kind: 'gauge',
    unit: 'Seconds',
    description: 'Age of the oldest audit record that is in no file for auditors yet. 0 when all are.',
    dimensions: [],
  },
  StoreHealthy: {
    kind: 'gauge',
    unit: 'None',
    description: '1 while the store answers, 0 while it does not.',
    dimensions: ['Store'],
  },
  AuditAnchors: {
    kind: 'counter',
    unit: 'Count',
    description:
      'Rounds that anchor the heads of the audit log, by outcome (written, unchanged, failed), and chains found broken (broken).',
    dimensions: ['Outcome'],
  },
} as const satisfies Record<string, MetricContract>;

/** Every metric that this version knows, of all packs. */
export const metrics = { ...coreMetrics, ...merged('metrics', coreMetrics) };

export type MetricName = keyof typeof metrics;

/** The metrics of a service with these packs: the core's own, and theirs. */
export const metricsOf = (packs: readonly string[]): readonly MetricName[] =>
  (Object.keys(metrics) as MetricName[]).filter((name) => {
    const pack = packOf('metrics', name);
    return pack === undefined || packs.includes(pack);
  });

/** The dimension names of one metric. */
export type Dimension<M extends MetricName> = (typeof metrics)[M]['dimensions'][number];
export type Dimensions<M extends MetricName> = Readonly<Record<Dimension<M>, string>>;
