/** A daily backup of tables and databases, kept in a vault and copied to a second one. */
import { BackupPlan } from '@cdktf/provider-aws/lib/backup-plan/index.js';
import { BackupSelection } from '@cdktf/provider-aws/lib/backup-selection/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { Construct } from 'constructs';
import { AssumableRole } from '../roles/role.ts';
import { service } from '../roles/statement.ts';
import { Vault, type VaultProps } from './vault.ts';

export interface BackupProps {
  /** Name of plan, selection and vaults. */
  readonly name: string;
  /** Name of the role that AWS Backup takes; unique in the account, whatever the region. */
  readonly roleName: string;
  readonly accountId: string;
  readonly retentionDays: number;
  /** ARNs of what is backed up. None: plan and vaults alone, for an emulator that selects nothing. */
  readonly resources: readonly string[];
  readonly vault: Omit<VaultProps, 'name' | 'provider'>;
  /** The vault of another region that each backup is copied to. Default: no copies. */
  readonly copyTo?: Omit<VaultProps, 'name'> | undefined;
}

// What backups and restores need changes with the services; AWS keeps these in step.
const policies = {
  backup: 'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup',
  restore: 'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores',
} as const;

export class Backup extends Construct {
  readonly vaultName: string;

  constructor(scope: Construct, id: string, props: BackupProps) {
    super(scope, id);
    const { name, retentionDays, resources, copyTo } = props;
    const lifecycle = { deleteAfter: retentionDays };
    const vault = new Vault(this, 'vault', { name, ...props.vault });
    const copy = copyTo && new Vault(this, 'copy', { name, ...copyTo });
    const plan = new BackupPlan(this, 'plan', {
      name,
      rule: [
        {
          ruleName: 'daily',
          targetVaultName: vault.name,
          schedule: 'cron(0 5 ? * * *)',
          // Minutes until it must have started, and ended.
          startWindow: 60,
          completionWindow: 480,
          lifecycle,
          ...(copy && { copyAction: [{ destinationVaultArn: copy.arn, lifecycle }] }),
        },
      ],
    });
    this.vaultName = vault.name;
    if (resources.length > 0) this.#select(props, plan.id);
  }

  #select({ name, roleName, accountId, resources }: BackupProps, planId: string): void {
    const role = new AssumableRole(this, 'role', {
      name: roleName,
      description: 'AWS Backup makes and restores backups',
      trust: [service('backup.amazonaws.com', accountId)],
      statements: [],
    });
    const attached = Object.entries(policies).map(
      ([use, policyArn]) => new IamRolePolicyAttachment(this, use, { role: role.id, policyArn }),
    );
    new BackupSelection(this, 'selection', {
      name,
      planId,
      iamRoleArn: role.arn,
      resources: [...resources],
      dependsOn: attached,
      // AWS does not say that a plan takes two selections of one name.
      lifecycle: { createBeforeDestroy: false },
    });
  }
}
