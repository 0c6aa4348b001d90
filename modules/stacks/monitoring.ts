/** Alarms and who is told, dashboard, traces, the log archive, threat detection, the trail, budgets. */
import { Construct } from 'constructs';
import { Anomaly } from '../budgets/anomaly.ts';
import { Budget } from '../budgets/budget.ts';
import { EncryptionKey } from '../keys/key.ts';
import { Alarms } from '../monitoring/alarm.ts';
import { archiveAlarms } from '../monitoring/alarms-data.ts';
import { LogArchive } from '../monitoring/archive.ts';
import { Dashboard } from '../monitoring/dashboard.ts';
import { DatabaseEvents } from '../monitoring/database-events.ts';
import { ServiceHealth } from '../monitoring/health.ts';
import { SavedQueries, savedQueries } from '../monitoring/queries.ts';
import { Signals } from '../monitoring/signals.ts';
import { Traces } from '../monitoring/traces.ts';
import { alarmStates } from '../monitoring/widget.ts';
import { logPrefixes } from '../storage/log-bucket.ts';
import { Threats } from '../threats/threats.ts';
import { Trail } from '../trail/trail.ts';
import { Audiences, extrasOf } from './audiences.ts';
import type { Deployment } from './deployment.ts';
import { roleName } from './grants.ts';
import type { AuthOutputs, BackendOutputs, NetworkOutputs, StorageOutputs } from './outputs.ts';
import { sectionsOf, watchedBy, writes } from './watched.ts';

export interface MonitoringProps {
  readonly deployment: Deployment;
  readonly network: NetworkOutputs | undefined;
  readonly storage: StorageOutputs;
  readonly auth: AuthOutputs;
  readonly backend: BackendOutputs;
}

type Arns = Readonly<Record<string, string>>;

export class MonitoringLayer extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { deployment } = props;
    const { namespace, signals, alarms: watched } = watchedBy(props);
    new Signals(this, 'signals', { namespace, signals });
    const stream = this.#archive(props);
    const alarms = [...watched, ...(stream === undefined ? [] : archiveAlarms(stream))];
    const { topics } = new Audiences(this, 'audiences', { deployment, alarms });
    const { arns } = new Alarms(this, 'alarms', { prefix: deployment.settings.name_prefix, alarms, topics });
    this.#dashboard(props, arns);
    // The emulator knows no composite alarms, saved queries, groups of traces.
    if (deployment.target.kind !== 'emulator') this.#aids(props, arns);
    this.#threats(deployment, topics.security);
    this.#databaseEvents(props, topics.ops);
    this.#trail(props);
    this.#costs(deployment, topics.admin);
  }

  #archive({ deployment, storage, backend }: MonitoringProps): string | undefined {
    const { settings, names } = deployment;
    const { archive } = storage.buckets;
    if (!settings.log_archive || archive === undefined) return undefined;
    return new LogArchive(this, 'log-archive', {
      name: names.with('log-archive'),
      roleNames: { hand: roleName(deployment, 'log-hand'), deliver: roleName(deployment, 'log-deliver') },
      accountId: settings.account_id,
      bucketArn: archive.arn,
      keyArn: storage.keys.data,
      logGroups: backend.logGroups,
    }).streamName;
  }

  #dashboard(props: MonitoringProps, alarms: Arns): void {
    const { settings, names, primary, region } = props.deployment;
    if (!settings.dashboard) return;
    new Dashboard(this, 'dashboard', {
      // The regions of an account share one list of dashboards.
      name: primary ? names.of('dashboard') : `${names.of('dashboard')}-${region}`,
      sections: [{ title: 'Alarms', widgets: [alarmStates('Alarms', Object.values(alarms))] }, ...sectionsOf(props)],
    });
  }

  #aids({ deployment: { settings, names }, backend }: MonitoringProps, alarms: Arns): void {
    new ServiceHealth(this, 'service-health', { name: names.with('service-health'), alarms });
    const { service: logGroup } = backend.logGroups;
    if (logGroup !== undefined)
      new SavedQueries(this, 'queries', {
        prefix: settings.name_prefix,
        logGroup,
        queries: savedQueries(writes(settings)),
      });
    if (settings.xray)
      new Traces(this, 'traces', {
        name: names.with('traces'),
        service: settings.container === 'countersign' ? 'countersign' : names.of('service'),
      });
  }

  #threats({ settings, names }: Deployment, topicArn: string | undefined): void {
    // The detector may be the organization's: its findings come here all the same.
    const findings = settings.guardduty_findings && topicArn !== undefined ? { topicArn } : undefined;
    if (settings.guardduty || findings !== undefined)
      new Threats(this, 'threats', { name: names.with('threats'), detector: settings.guardduty, findings });
  }

  #databaseEvents({ deployment, storage }: MonitoringProps, topicArn: string | undefined): void {
    if (storage.database === undefined || topicArn === undefined) return;
    new DatabaseEvents(this, 'database-events', {
      prefix: deployment.settings.name_prefix,
      database: storage.database.identifier,
      topicArn,
    });
  }

  #trail({ deployment, storage }: MonitoringProps): void {
    const { settings, names, primary } = deployment;
    const { logs } = storage.buckets;
    if (!settings.cloudtrail || !primary || logs === undefined) return;
    const key = new EncryptionKey(this, 'trail-key', {
      name: names.with('trail'),
      description: `The trail of ${settings.name_prefix}`,
      accountId: settings.account_id,
      services: ['cloudtrail.amazonaws.com'],
    });
    new Trail(this, 'trail', {
      name: names.with('trail'),
      accountId: settings.account_id,
      bucket: logs.name,
      prefix: logPrefixes.trail,
      keyArn: key.arn,
      logs: {
        roleName: roleName(deployment, 'trail-logs'),
        retentionDays: settings.log_retention_days,
        keyArn: storage.keys.logs,
      },
    });
  }

  #costs(deployment: Deployment, topicArn: string | undefined): void {
    const { settings, names } = deployment;
    const { budget, anomaly } = extrasOf(deployment);
    if (topicArn === undefined) return;
    if (budget !== undefined)
      new Budget(this, 'budget', {
        name: names.with('monthly'),
        limit: budget,
        percents: settings.budget_alert_percents,
        topicArn,
        ...(settings.budget_scope === 'environment' && {
          tags: { Project: settings.project_name, Environment: settings.environment },
        }),
      });
    if (anomaly !== undefined) new Anomaly(this, 'anomaly', { name: names.with('anomaly'), impact: anomaly, topicArn });
  }
}
