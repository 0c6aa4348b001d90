/** What must be kept is kept, and no longer than it should be. */
import type { TableContract } from '../../contracts/table.ts';
import { tableNames, tables } from '../../contracts/tables.ts';
import { each, inner, isTrue, type Policy } from './view.ts';

export const logsEnd = each('logs end', ['aws_cloudwatch_log_group'], ({ block }) =>
  typeof block.retention_in_days === 'number' && block.retention_in_days > 0
    ? undefined
    : 'has no retention: make it with the LogGroup construct',
);

const mayBeLost = new Set<string>(tableNames.filter((name) => !(tables[name] as TableContract).pointInTimeRecovery));

export const prodTablesRecover = each(
  'tables in prod can be restored',
  ['aws_dynamodb_table'],
  ({ block }, { prod }) => {
    const lost = [...mayBeLost].some((name) => String(block.name).endsWith(name));
    return prod && !lost && !isTrue(inner(block, 'point_in_time_recovery').enabled)
      ? 'has no point-in-time recovery, and this is prod'
      : undefined;
  },
);

const LEAST_BACKUP_DAYS = 7;

export const prodDatabasesBackUp = each(
  'databases in prod are backed up',
  ['aws_db_instance'],
  ({ block }, { prod }) =>
    prod && block.replicate_source_db === undefined && Number(block.backup_retention_period ?? 0) < LEAST_BACKUP_DAYS
      ? `keeps backups for less than ${LEAST_BACKUP_DAYS} days, and this is prod: raise db_backup_days`
      : undefined,
);

export const prodHasBackupPlan: Policy = {
  name: 'prod has a backup plan',
  breaches: (view) => {
    const [first] = view.of('aws_dynamodb_table', 'aws_db_instance');
    if (!view.prod || first === undefined || view.of('aws_backup_plan').length > 0) return [];
    return [{ address: first.address, problem: 'is in no backup plan, and this is prod: set backups = true' }];
  },
};

export const keeping: readonly Policy[] = [logsEnd, prodTablesRecover, prodDatabasesBackUp, prodHasBackupPlan];
