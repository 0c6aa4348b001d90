/** The daily backup of one region, and its copy in another. */
import { Construct } from 'constructs';
import { Backup } from '../backup/backup.ts';
import { EncryptionKey } from '../keys/key.ts';
import type { Deployment } from './deployment.ts';
import { providerIn } from './provider.ts';

export interface BackupsProps {
  readonly deployment: Deployment;
  readonly keyArn: string | undefined;
  /** ARNs of what is backed up. */
  readonly resources: readonly string[];
}

export class Backups extends Construct {
  constructor(scope: Construct, id: string, { deployment, keyArn, resources }: BackupsProps) {
    super(scope, id);
    const { settings, names, region, target } = deployment;
    const emulated = target.kind === 'emulator';
    // A vault that refuses to go with what is in it; the emulator cannot remove the others.
    const removable = !settings.deletion_protection && !emulated;
    new Backup(this, 'daily', {
      // With its region: copies of several regions may lie in one.
      name: names.with(region),
      roleName: names.with(`backup-${region}`),
      accountId: settings.account_id,
      retentionDays: settings.backup_retention_days,
      // The emulator knows no selections.
      resources: emulated ? [] : resources,
      vault: { keyArn, removable },
      copyTo: this.#copyTo(deployment, keyArn !== undefined, removable),
    });
  }

  #copyTo(deployment: Deployment, withKey: boolean, removable: boolean) {
    const { settings, names, region } = deployment;
    const { backup_region: elsewhere } = settings;
    if (elsewhere === undefined) return undefined;
    const provider = providerIn(this, deployment, elsewhere);
    const key = withKey
      ? new EncryptionKey(this, 'copy-key', {
          name: `${names.with('backup')}-${region}`,
          description: `Copies of the backups of ${settings.name_prefix} in ${region}`,
          accountId: settings.account_id,
          provider,
        })
      : undefined;
    return { keyArn: key?.arn, removable, provider };
  }
}
