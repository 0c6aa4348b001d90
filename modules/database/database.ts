/**
 * A PostgreSQL database on RDS. There is no read replica: RDS makes none of a database whose password it keeps
 * (docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html, limitations). Its backups can be copied to
 * another region instead: backup-copies.ts.
 */
import { DbInstance } from '@cdktf/provider-aws/lib/db-instance/index.js';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group/index.js';
import { Construct } from 'constructs';
import { LogGroup } from '../logs/log-group.ts';
import { Insights } from './insights.ts';
import { LastSnapshot } from './last-snapshot.ts';
import { Parameters } from './parameters.ts';

export interface DatabaseProps {
  readonly identifier: string;
  readonly accountId: string;
  readonly region: string;
  /** Of two zones at least. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly port: number;
  /** Such as db.t4g.micro. */
  readonly instanceClass: string;
  /** 17 follows the minor versions as RDS takes them up; 17.5 stays there. */
  readonly engineVersion: string;
  /**
   * Lets the version go up by a major one, at once: the group of parameters changes with it, and the old one cannot go
   * while the instance waits for its window. Default: AWS refuses such a change.
   */
  readonly allowMajorUpgrade?: boolean;
  /** Makes changes that interrupt at once, and not in the maintenance window. Default: false. */
  readonly applyImmediately?: boolean;
  readonly storageGb: number;
  /** Size to which the storage grows by itself. */
  readonly maxStorageGb: number;
  /** A standby in a second zone. */
  readonly multiAz: boolean;
  readonly backupDays: number;
  readonly databaseName: string;
  /** Its owner, whose password RDS makes, keeps in Secrets Manager and changes every seven days. */
  readonly username: string;
  readonly deletionProtection: boolean;
  /** Keeps the data when it is destroyed: a last snapshot and the automated backups. */
  readonly keepOnDestroy: boolean;
  /** Name of the role for enhanced monitoring, which comes with Performance Insights. Default: neither. */
  readonly insightsRoleName?: string | undefined;
  readonly logRetentionDays: number;
  /** Keys to encrypt data, logs and the secret with. Default: those that AWS manages. */
  readonly keys: { readonly data?: string; readonly logs?: string; readonly secrets?: string };
}

const logs = ['postgresql', 'upgrade'] as const;

export class Database extends Construct {
  readonly host: string;
  readonly port: string;
  readonly name: string;
  readonly identifier: string;
  readonly arn: string;
  /** JSON with username and password. */
  readonly secretArn: string;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { identifier, port, databaseName } = props;
    const instance = new DbInstance(this, 'instance', {
      identifier,
      dbName: databaseName,
      username: props.username,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: props.keys.secrets,
      port,
      ...this.#engine(props),
      ...this.#place(props),
      ...storage(props),
      ...keeping(props, this.#lastSnapshot(props)),
      ...this.#observed(props),
    });
    instance.overrideLogicalId('database');
    this.host = instance.address;
    this.port = String(port);
    this.name = databaseName;
    this.identifier = identifier;
    this.arn = instance.arn;
    this.secretArn = instance.masterUserSecret.get(0).secretArn;
  }

  #engine(props: DatabaseProps) {
    const { identifier, engineVersion, instanceClass, allowMajorUpgrade = false, applyImmediately = false } = props;
    return {
      engine: 'postgres',
      engineVersion,
      instanceClass,
      parameterGroupName: new Parameters(this, 'parameters', { name: identifier, engineVersion }).groupName,
      // A version given to the minor would be a difference in the plan once RDS has raised it.
      autoMinorVersionUpgrade: !engineVersion.includes('.'),
      // AWS Backup, which starts from 05:00 to 06:00, starts nothing in this window nor in the hour before it.
      maintenanceWindow: 'sun:07:00-sun:08:00',
      ...(allowMajorUpgrade && { allowMajorVersionUpgrade: true }),
      // Given when it is false too: the provider would keep a true of before.
      applyImmediately: applyImmediately || allowMajorUpgrade,
      iamDatabaseAuthenticationEnabled: true,
      caCertIdentifier: 'rds-ca-rsa2048-g1',
    };
  }

  #lastSnapshot({ identifier, keepOnDestroy, databaseName, username, keys }: DatabaseProps): string | undefined {
    if (!keepOnDestroy) return undefined;
    const replacedBy = { databaseName, username, ...(keys.data !== undefined && { key: keys.data }) };
    return new LastSnapshot(this, 'last-snapshot', { identifier, replacedBy }).name;
  }

  #place({ identifier, subnetIds, securityGroupIds, multiAz }: DatabaseProps) {
    const subnets = new DbSubnetGroup(this, 'subnets', {
      name: identifier,
      description: `Subnets of ${identifier}`,
      subnetIds: [...subnetIds],
    });
    return {
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [...securityGroupIds],
      multiAz,
      publiclyAccessible: false,
    };
  }

  /** RDS would make the log groups itself, and they would never end. */
  #observed({ identifier, logRetentionDays, insightsRoleName, accountId, region, keys }: DatabaseProps) {
    const groups = logs.map(
      (log) =>
        new LogGroup(this, `${log}-log`, {
          name: `/aws/rds/instance/${identifier}/${log}`,
          retentionDays: logRetentionDays,
          keyArn: keys.logs,
        }),
    );
    const insights =
      insightsRoleName === undefined
        ? undefined
        : new Insights(this, 'insights', { roleName: insightsRoleName, accountId, region, keyArn: keys.data }).settings;
    return {
      enabledCloudwatchLogsExports: [...logs],
      ...insights,
      dependsOn: [...groups.map(({ ready }) => ready), ...(insights?.dependsOn ?? [])],
    };
  }
}

const storage = ({ storageGb, maxStorageGb, keys }: DatabaseProps) => ({
  storageType: 'gp3',
  allocatedStorage: storageGb,
  maxAllocatedStorage: maxStorageGb,
  storageEncrypted: true,
  kmsKeyId: keys.data,
});

const keeping = (
  { backupDays, deletionProtection, keepOnDestroy }: DatabaseProps,
  finalSnapshotIdentifier: string | undefined,
) => ({
  backupRetentionPeriod: backupDays,
  // UTC, before the maintenance window.
  backupWindow: '03:00-04:00',
  copyTagsToSnapshot: true,
  deletionProtection,
  skipFinalSnapshot: !keepOnDestroy,
  ...(finalSnapshotIdentifier !== undefined && { finalSnapshotIdentifier }),
  deleteAutomatedBackups: !keepOnDestroy,
});
