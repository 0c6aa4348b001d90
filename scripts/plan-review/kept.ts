/** What of a destruction stays behind, and for how long: the way back, and what stands in the way of the next deployment. */
import type { PlanJson, ResourceChange } from './plan-json.ts';

type Values = Readonly<Record<string, unknown>>;

/** What somebody should know, by type; undefined where nothing stays. */
const stays: Readonly<Record<string, (before: Values) => string | undefined>> = {
  aws_db_instance: ({ skip_final_snapshot, final_snapshot_identifier: snapshot }) =>
    skip_final_snapshot === true || typeof snapshot !== 'string'
      ? 'goes without a last snapshot, and its data with it'
      : `leaves the snapshot ${snapshot}, which stays until somebody deletes it`,
  aws_kms_key: ({ deletion_window_in_days: days }) =>
    `can be kept for ${String(days ?? 30)} days (aws kms cancel-key-deletion); after that everything encrypted with it is lost: a last snapshot of the database, backups, secrets`,
  aws_secretsmanager_secret: ({ recovery_window_in_days: days }) =>
    days === 0
      ? 'goes at once with its value'
      : `keeps its value and its name for ${String(days ?? 30)} days; npm run deploy restores it, npm run secrets -- restore too`,
};

const isDestroyed = ({ mode, change }: ResourceChange): boolean =>
  mode === 'managed' && change.actions.includes('delete') && change.before !== null;

/** One sentence for each resource that is destroyed and leaves something, or loses it for good. */
export const keptNotes = (plan: PlanJson): string[] =>
  plan.resource_changes.filter(isDestroyed).flatMap(({ address, type, change }) => {
    const said = stays[type]?.(change.before ?? {});
    return said === undefined ? [] : [`${address}: ${said}.`];
  });
