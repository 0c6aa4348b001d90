/**
 * When a change of the database or the cache takes effect, and what it interrupts.
 * docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html,
 * docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.Modify.html
 */
import type { PlanJson, ResourceChange } from './plan-json.ts';
import { isMajorUpgrade } from './versions.ts';

/** What a change of each attribute does to those who use the store. */
type Effects = Readonly<Record<string, string>>;

const minutes = 'it is away for some minutes, with a standby for about one';
const effects: Readonly<Record<string, Effects>> = {
  aws_db_instance: {
    allocated_storage: 'without an outage, slower for hours, and then no more growth for six hours',
    ca_cert_identifier: minutes,
    engine_version: minutes,
    instance_class: minutes,
    iops: 'without an outage, slower for hours',
    multi_az: 'without an outage, slower for some minutes',
    port: minutes,
    storage_type: 'without an outage, slower for hours',
  },
  aws_elasticache_replication_group: {
    engine: 'node by node, with some seconds without writes',
    engine_version: 'node by node, with some seconds without writes; with one node it is away for some minutes',
    node_type: 'node by node, with some seconds without writes; with one node it is away for some minutes',
  },
};

const MAJOR = 'the database is away for 10 to 30 minutes or more and cannot go back: docs/runbooks/upgrade-database.md';

const textOf = (value: unknown): string => (value === null || value === undefined ? 'none' : String(value));

const noteOf = ({ address, type, change }: ResourceChange, attribute: string, effect: string): string => {
  const { before, after } = change;
  const [from, to] = [textOf(before?.[attribute]), textOf(after?.[attribute])];
  const major = type === 'aws_db_instance' && attribute === 'engine_version' && isMajorUpgrade(from, to);
  const when =
    after?.apply_immediately === true
      ? 'is made at once'
      : `waits for the maintenance window (${textOf(after?.maintenance_window)} UTC), and plans show it until then; apply_immediately = true makes it at once`;
  return `${address}: ${attribute} ${from} to ${to} ${when}: ${major ? MAJOR : effect}.`;
};

/** One sentence for each change that interrupts or waits. */
export const windowNotes = (plan: PlanJson): string[] =>
  plan.resource_changes.flatMap((resource) => {
    const { type, change } = resource;
    if (change.actions.join() !== 'update') return [];
    return Object.entries(effects[type] ?? {})
      .filter(([attribute]) => textOf(change.before?.[attribute]) !== textOf(change.after?.[attribute]))
      .map(([attribute, effect]) => noteOf(resource, attribute, effect));
  });
