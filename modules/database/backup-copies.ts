/**
 * Automated backups of a database, its log of changes among them, copied to another region as they are made. RDS makes no
 * replica of a database whose password it keeps, and copies the backups of such a one: from them a database is restored
 * in the other region, as of any second up to some minutes ago.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html
 */
import { DbInstanceAutomatedBackupsReplication } from '@cdktf/provider-aws/lib/db-instance-automated-backups-replication/index.js';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { Construct } from 'constructs';

export interface BackupCopiesProps {
  /** ARN of the database. It must keep automated backups. */
  readonly databaseArn: string;
  /** Days that a copy is kept. */
  readonly days: number;
  /** Key of the other region, without which RDS copies no encrypted backup. */
  readonly keyArn: string;
  /** Provider of the other region: the copies are made from there. */
  readonly provider: AwsProvider | undefined;
}

export class BackupCopies extends Construct {
  constructor(scope: Construct, id: string, { databaseArn, days, keyArn, provider }: BackupCopiesProps) {
    super(scope, id);
    const copies = new DbInstanceAutomatedBackupsReplication(this, 'copies', {
      sourceDbInstanceArn: databaseArn,
      retentionPeriod: days,
      kmsKeyId: keyArn,
      ...(provider !== undefined && { provider }),
    });
    copies.overrideLogicalId('database_backup_copies');
  }
}
