/** The buckets that the settings ask for, and that of the logs where something writes them. */
import { Construct } from 'constructs';
import { objectsRules, packsGranted } from '../../contracts/packs/index.ts';
import { AuditArchive } from '../storage/audit-archive.ts';
import { DataBucket } from '../storage/data-bucket.ts';
import { LogBucket, logPrefixes } from '../storage/log-bucket.ts';
import type { Deployment } from './deployment.ts';
import type { NamedArn, StorageOutputs } from './outputs.ts';

/** Folders of the data bucket that packs keep objects in. */
export const objectsKept = ({ container, tool_packs }: Deployment['settings']): readonly string[] =>
  container === 'countersign' ? packsGranted(tool_packs, 'objects').map((pack) => `packs/${pack}`) : [];

export interface BucketsProps {
  readonly deployment: Deployment;
  readonly keyArn: string | undefined;
}

export class Buckets extends Construct {
  readonly buckets: StorageOutputs['buckets'];

  constructor(scope: Construct, id: string, { deployment, keyArn }: BucketsProps) {
    super(scope, id);
    const { settings, names } = deployment;
    const logs = this.#logs(deployment);
    const common = (purpose: string) => ({
      name: names.bucket(purpose),
      keyArn,
      deletionProtection: settings.deletion_protection,
      accessLogs: logs && { bucket: logs.name, prefix: `${logPrefixes.buckets}/${purpose}/` },
    });
    this.buckets = {
      ...(logs && { logs }),
      ...((settings.data_bucket || objectsKept(settings).length > 0) && {
        data: named(
          new DataBucket(this, 'data', {
            ...common('data'),
            name: settings.names['data-bucket'] ?? names.bucket('data'),
            versioned: settings.bucket_versioning,
            lifecycle: settings.bucket_lifecycle,
            ofPacks: settings.container === 'countersign' ? Object.fromEntries(objectsRules(settings.tool_packs)) : {},
            corsOrigins: settings.data_bucket_cors_origins,
          }),
        ),
      }),
      ...(settings.audit_archive && {
        archive: named(
          new AuditArchive(this, 'archive', { ...common('archive'), lockDays: settings.audit_archive_days }),
        ),
      }),
    };
  }

  #logs({ settings, shape, primary, names }: Deployment): NamedArn | undefined {
    const writers = {
      // Not shape.loadBalancer: while it is switched off, its logs stay.
      loadBalancer: settings.alb_logs && shape.targetGroups,
      distribution: shape.distribution && primary,
      trail: settings.cloudtrail && primary,
    };
    if (!Object.values(writers).includes(true)) return undefined;
    return named(
      new LogBucket(this, 'logs', {
        name: names.bucket('logs'),
        accountId: settings.account_id,
        deletionProtection: settings.deletion_protection,
        writers,
      }),
    );
  }
}

const named = ({ name, arn }: NamedArn): NamedArn => ({ name, arn });
