/** What there is to watch in an environment: its alarms, the signals they hear, and the dashboard's sections. */
import { watchedTool } from '../../contracts/logs.ts';
import { enabled, enabledNames, takesWebhooks } from '../../contracts/packs/index.ts';
import { ownershipOf } from '../../contracts/settings/owned.ts';
import type { Settings } from '../../contracts/settings/resolve.ts';
import type { AlarmSpec } from '../monitoring/alarm.ts';
import { type Behaviour, behaviour, type PackAlarm } from '../monitoring/alarms-behaviour.ts';
import { functionAlarms, scalingGroupAlarms, serviceAlarms } from '../monitoring/alarms-compute.ts';
import { cacheAlarms, databaseAlarms, queueAlarms, tableAlarms } from '../monitoring/alarms-data.ts';
import {
  type AskedFor,
  apiAlarms,
  edgeAlarms,
  type FrontLimits,
  loadBalancerAlarms,
  webAclAlarms,
} from '../monitoring/alarms-front.ts';
import {
  apiSection,
  cacheSection,
  databaseSection,
  functionsSection,
  loadBalancerSection,
  packSection,
  queuesSection,
  scalingGroupSection,
  servicesSection,
  spendSection,
  tablesSection,
  usageSection,
} from '../monitoring/sections.ts';
import type { Section } from '../monitoring/widget.ts';
import { suspiciousAgents } from '../web-acl/rules.ts';
import type { Deployment } from './deployment.ts';
import { edgeRegion } from './domain.ts';
import type { BackendOutputs, StorageOutputs } from './outputs.ts';

export interface WatchedParts {
  readonly deployment: Deployment;
  readonly storage: StorageOutputs;
  readonly backend: BackendOutputs;
}

type ByName = Readonly<Record<string, string>>;

const listOf = <T, R>(value: T | undefined, of: (value: T) => readonly R[]): readonly R[] =>
  value === undefined ? [] : of(value);

const namesOf = (named: Readonly<Record<string, { readonly name: string }>>): ByName =>
  Object.fromEntries(Object.entries(named).map(([key, { name }]) => [key, name]));

const limitsOf = (settings: Settings): FrontLimits => ({
  errors: settings.alarm_errors,
  errorPeriods: settings.alarm_errors_periods,
  errorPercent: settings.alarm_error_percent,
  p99Milliseconds: settings.alarm_p99_ms,
  p95Milliseconds: settings.alarm_p95_ms,
});

/** Healthy targets below which it sounds, where Terraform owns the count or nobody tells it. */
const healthyHosts = (settings: Settings): number => {
  const { alarm_healthy_hosts, blue_green, min_count, scale_schedules } = settings;
  // Operators may ask for any count: that there is one healthy target is all that is known.
  const usual = blue_green ? 1 : Math.max(1, min_count);
  return Math.min(alarm_healthy_hosts ?? usual, ...Object.values(scale_schedules).map(({ min }) => min));
};

/** The count that something else than Terraform sets, where Container Insights tells it. */
const askedFor = ({ deployment: { settings }, backend }: WatchedParts): AskedFor | undefined => {
  const { container_insights, minimum_healthy_percent: minimumPercent, alarm_healthy_hosts: enough } = settings;
  if (!ownershipOf(settings).bounds || !container_insights || backend.cluster === undefined) return undefined;
  return { cluster: backend.cluster.name, services: backend.services, minimumPercent, enough };
};

const deadLetter = '-dead-letter';
/** Work queues and dead-letter queues apart, the latter under the name of the queue whose failures they keep. */
export const queuesApart = (queues: ByName): { work: ByName; dead: ByName } => {
  const entries = Object.entries(queues);
  const dead = entries.filter(([name]) => name.endsWith(deadLetter));
  return {
    work: Object.fromEntries(entries.filter(([name]) => !name.endsWith(deadLetter))),
    dead: Object.fromEntries(dead.map(([name, queue]) => [name.slice(0, -deadLetter.length), queue])),
  };
};

const frontAlarms = (around: WatchedParts): AlarmSpec[] => {
  const { deployment, backend } = around;
  const { settings, shape, region } = deployment;
  const limits = limitsOf(settings);
  const { loadBalancer, httpApi, distribution, webAcl, targetGroups } = backend;
  const inEdgeRegion = region === edgeRegion;
  const { weekend_only, weekend_hours_start: start, weekend_hours_end: end } = settings;
  return [
    ...listOf(loadBalancer, ({ arnSuffix }) =>
      loadBalancerAlarms(
        {
          arnSuffix,
          targetGroups: Object.fromEntries(
            Object.entries(targetGroups).map(([colour, group]) => [colour, group.arnSuffix]),
          ),
          healthyHosts: healthyHosts(settings),
          asked: askedFor(around),
          ...(weekend_only && { weekend: { start, end } }),
        },
        limits,
      ),
    ),
    ...listOf(httpApi, ({ id }) => apiAlarms(id, limits, loadBalancer === undefined)),
    ...listOf(inEdgeRegion ? distribution : undefined, ({ id }) => edgeAlarms(id, limits)),
    // Only the full rules count suspicious agents.
    ...listOf(settings.waf === 'full' ? webAcl : undefined, ({ name }) =>
      shape.waf === 'load-balancer'
        ? webAclAlarms({ webAcl: name, rule: suspiciousAgents, region })
        : inEdgeRegion
          ? webAclAlarms({ webAcl: name, rule: suspiciousAgents })
          : [],
    ),
  ];
};

const computeAlarms = ({ deployment: { settings }, backend }: WatchedParts): AlarmSpec[] => {
  const { alarm_cpu_percent: cpu, alarm_memory_percent: memory, alarm_errors: errors } = settings;
  return [
    ...listOf(backend.cluster, ({ name }) => serviceAlarms({ cluster: name, services: backend.services, cpu, memory })),
    ...listOf(backend.scalingGroup, ({ name }) => scalingGroupAlarms(name, cpu)),
    ...listOf(backend.function, ({ name }) =>
      functionAlarms({ role: 'service', name, errors, reserved: settings.lambda_reserved_concurrency }),
    ),
    ...listOf(backend.authorizer, ({ name }) => functionAlarms({ role: 'authorizer', name, errors })),
  ];
};

const dataAlarms = ({ deployment: { settings }, storage, backend }: WatchedParts): AlarmSpec[] => [
  ...listOf(storage.database, ({ identifier }) =>
    databaseAlarms({
      identifier,
      connections: settings.alarm_db_connections,
      gigabytes: settings.db_gb,
      stops: settings.weekend_only,
    }),
  ),
  ...listOf(storage.cache, ({ memberIds }) => cacheAlarms(memberIds)),
  ...listOf(storage.tables, (tables) => tableAlarms(namesOf(tables))),
  ...queueAlarms(queuesApart(backend.queues)),
];

/** What the service's log tells. */
export const writes = ({ container, container_log_format }: Settings): 'countersign' | 'json' | 'text' =>
  container === 'countersign' ? 'countersign' : container_log_format;

/** Whether a tool is served that changes budgets; of a custom image that is not known, so it may. */
const changesBudgets = ({ container, tool_packs }: Settings): boolean =>
  container === 'custom' || enabledNames(tool_packs, 'tools').has(watchedTool);

/** Whether an enabled pack calls hosts besides AWS. */
const callsOut = ({ container, tool_packs }: Settings): boolean =>
  container === 'countersign' && enabled(tool_packs).some(([, { egress = [] }]) => egress.length > 0);

const packAlarms = (settings: Settings): Readonly<Record<string, PackAlarm>> =>
  Object.fromEntries(
    enabled(settings.tool_packs).flatMap(([, { alarms = {} }]) =>
      Object.entries(alarms).map(([kind, { threshold, ...alarm }]) => [
        kind,
        { ...alarm, threshold: typeof threshold === 'number' ? threshold : numberAt(settings, threshold.setting) },
      ]),
    ),
  );

const numberAt = (settings: Settings, name: string): number => {
  const value = Object.entries(settings).find(([setting]) => setting === name)?.[1];
  if (typeof value !== 'number') throw new Error(`the setting ${name} of an alarm is no number`);
  return value;
};

const behaviourOf = ({ deployment: { settings, names }, backend }: WatchedParts): Behaviour => {
  const { service, api } = backend.logGroups;
  if (service === undefined) return { signals: [], alarms: [] };
  return behaviour({
    namespace: `Countersign/${names.with('signals')}`,
    log: service,
    writes: writes(settings),
    apiLog: api,
    packs: packAlarms(settings),
    budgets: changesBudgets(settings),
    exports: settings.audit_export,
    callsOut: callsOut(settings),
    webhooks: settings.container === 'countersign' && takesWebhooks(settings.tool_packs),
    limits: {
      authFailures: settings.alarm_auth_failures,
      accountRefusals: settings.alarm_account_refusals,
      budgetChanges: settings.alarm_budget_changes,
      safetyLimits: settings.alarm_safety_limits,
    },
  });
};

/** Every alarm there is something to watch for, and the signals of those that hear the log. */
export const watchedBy = (around: WatchedParts): Behaviour & { readonly namespace: string } => {
  const { signals, alarms } = behaviourOf(around);
  return {
    namespace: `Countersign/${around.deployment.names.with('signals')}`,
    signals,
    alarms: [...frontAlarms(around), ...computeAlarms(around), ...dataAlarms(around), ...alarms],
  };
};

const usage = ({ deployment: { settings, shape, region }, backend }: WatchedParts): readonly Section[] => {
  const told = writes(settings);
  return told === 'text'
    ? []
    : listOf(backend.logGroups.service, (log) => [
        usageSection({
          region,
          log,
          writes: told,
          budgets: changesBudgets(settings),
          callsOut: callsOut(settings),
          ...(backend.webAcl !== undefined && {
            webAclLog: {
              name: `aws-waf-logs-${backend.webAcl.name}`,
              region: shape.waf === 'distribution' ? edgeRegion : region,
            },
          }),
        }),
      ]);
};

const ofPacks = ({ deployment: { settings, region }, backend }: WatchedParts): readonly Section[] =>
  writes(settings) === 'countersign'
    ? listOf(backend.logGroups.service, (log) =>
        enabled(settings.tool_packs).flatMap(([, { title, metrics = {} }]) =>
          Object.keys(metrics).length === 0 ? [] : [packSection({ region, log, title, metrics })],
        ),
      )
    : [];

export const sectionsOf = (around: WatchedParts): Section[] => {
  const { deployment, storage, backend } = around;
  const { region } = deployment;
  const functions = { service: backend.function?.name, authorizer: backend.authorizer?.name };
  const made = Object.entries(functions).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return [
    ...listOf(backend.loadBalancer, ({ arnSuffix }) => [loadBalancerSection(region, arnSuffix)]),
    ...listOf(backend.httpApi, ({ id }) => [apiSection(region, id)]),
    ...listOf(backend.cluster, ({ name }) => [servicesSection(region, name, backend.services)]),
    ...listOf(backend.scalingGroup, ({ name }) => [scalingGroupSection(region, name)]),
    ...(made.length > 0 ? [functionsSection(region, Object.fromEntries(made))] : []),
    ...listOf(storage.database, ({ identifier }) => [databaseSection(region, identifier)]),
    ...listOf(storage.tables, (tables) => [tablesSection(region, namesOf(tables))]),
    ...listOf(storage.cache, ({ memberIds }) => [cacheSection(region, memberIds)]),
    ...(Object.keys(backend.queues).length > 0 ? [queuesSection(region, backend.queues)] : []),
    ...usage(around),
    ...ofPacks(around),
    spendSection,
  ];
};
