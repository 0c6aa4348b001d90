/** Who is told of what: a topic for each audience that something is published to, under one key. */
import { Construct } from 'constructs';
import { EncryptionKey } from '../keys/key.ts';
import type { AlarmSpec } from '../monitoring/alarm.ts';
import { type Publisher, principalOf, Topic, type TopicName, topicNames } from '../monitoring/topic.ts';
import type { Deployment } from './deployment.ts';

/** What is told besides alarms. What exists once an account or an environment is made in the primary region. */
export const extrasOf = ({ settings, primary, target }: Deployment) => ({
  threats: settings.guardduty_findings,
  budget: primary ? settings.budget_usd : undefined,
  // The emulator knows no anomaly monitors.
  anomaly: primary && target.kind !== 'emulator' ? settings.cost_anomaly_usd : undefined,
});

const publishersOf = (deployment: Deployment, alarms: readonly AlarmSpec[]): Record<TopicName, Publisher[]> => {
  const { threats, budget, anomaly } = extrasOf(deployment);
  const by = (topic: TopicName, others: Partial<Record<Publisher, boolean>> = {}): Publisher[] => {
    const told = { cloudwatch: alarms.some((alarm) => alarm.topic === topic), ...others };
    return Object.entries(told).flatMap(([publisher, publishes]) => (publishes ? [publisher as Publisher] : []));
  };
  return {
    ops: by('ops', { 'events.rds': deployment.settings.store_mode === 'postgres' }),
    security: by('security', { events: threats }),
    admin: by('admin', { budgets: budget !== undefined, costalerts: anomaly !== undefined }),
  };
};

export interface AudiencesProps {
  readonly deployment: Deployment;
  readonly alarms: readonly AlarmSpec[];
}

export class Audiences extends Construct {
  /** ARNs of the topics. */
  readonly topics: Readonly<Partial<Record<TopicName, string>>>;

  constructor(scope: Construct, id: string, { deployment, alarms }: AudiencesProps) {
    super(scope, id);
    const { settings, names } = deployment;
    const publishers = publishersOf(deployment, alarms);
    const needed = topicNames.filter((name) => publishers[name].length > 0);
    if (needed.length === 0) {
      this.topics = {};
      return;
    }
    const key = new EncryptionKey(this, 'key', {
      name: names.with('topics'),
      description: `Messages to those who run ${settings.name_prefix}`,
      accountId: settings.account_id,
      services: [...new Set(needed.flatMap((name) => publishers[name]))].map(principalOf),
    });
    this.topics = Object.fromEntries(
      needed.map((name) => {
        const topic = new Topic(this, name, {
          name: names.with(name),
          accountId: settings.account_id,
          keyArn: key.arn,
          publishers: publishers[name],
          emails: settings[`${name}_emails`],
          webhooks: settings[`${name}_webhooks`],
        });
        return [name, topic.arn];
      }),
    );
  }
}
