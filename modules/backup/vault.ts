/** Where backups are kept. */
import { BackupVault } from '@cdktf/provider-aws/lib/backup-vault/index.js';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { Construct } from 'constructs';

export interface VaultProps {
  readonly name: string;
  /** Key of the vault's region to encrypt with. Default: the one AWS manages for backups. */
  readonly keyArn?: string | undefined;
  /** A destroy also removes the backups in it. */
  readonly removable: boolean;
  /** Provider of the region to make it in. Default: the stack's. */
  readonly provider?: AwsProvider | undefined;
}

export class Vault extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, keyArn, removable, provider }: VaultProps) {
    super(scope, id);
    const vault = new BackupVault(this, 'vault', {
      name,
      kmsKeyArn: keyArn,
      ...(removable && { forceDestroy: true }),
      provider,
    });
    this.name = vault.name;
    this.arn = vault.arn;
  }
}
