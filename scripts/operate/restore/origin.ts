/** What a copy is made of. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';

/** Default, where there is none of these: the store in service, as it was at a moment. */
export type Origin =
  /** A snapshot of the database. */
  | { readonly kind: 'snapshot'; readonly id: string }
  /** What AWS Backup kept, in the vault of `of` in the region of the copy: the newest of before a moment. */
  | { readonly kind: 'recovery-points'; readonly of: Deployment; readonly until: Date }
  /** Automated backups and the transaction log, which RDS copied to the region of the copy (db_copy_region). */
  | { readonly kind: 'copied-backups'; readonly of: Deployment };

/**
 * The region of another environment whose backups are copied to `here`.
 * @param setting that says where its copies go
 * @throws OperatorProblem where none is
 */
export const copiedTo = (
  here: string,
  environment: string,
  deployments: readonly Deployment[],
  setting: 'db_copy_region' | 'backup_region',
): Deployment => {
  const found = deployments.find(({ settings }) => settings[setting] === here);
  if (found !== undefined) return found;
  const elsewhere = [...new Set(deployments.flatMap(({ settings }) => settings[setting] ?? []))];
  throw new OperatorProblem(
    `${environment} copies no backups to ${here}: its ${setting} is ${elsewhere.join(' and ') || 'not set'}.`,
  );
};
