import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { synthesized } from '../testing/synthesized.ts';
import { Backup, type BackupProps } from './backup.ts';

const props: BackupProps = {
  name: 'app-us-east-1',
  roleName: 'app-backup-us-east-1',
  accountId: '111122223333',
  retentionDays: 90,
  resources: ['arn:aws:rds:us-east-1:111122223333:db:app'],
  vault: { removable: false },
};
const made = (changes: Partial<BackupProps> = {}) =>
  synthesized((stack) => new Backup(stack, 'backup', { ...props, ...changes }));

describe('the backup', () => {
  it('is daily and kept for as long as asked', () => {
    expect(made().one('aws_backup_plan').rule).toEqual([
      {
        rule_name: 'daily',
        target_vault_name: expect.stringContaining('aws_backup_vault'),
        schedule: 'cron(0 5 ? * * *)',
        start_window: 60,
        completion_window: 480,
        lifecycle: { delete_after: 90 },
      },
    ]);
  });

  it('is of what it is told, by a role that AWS Backup alone takes', () => {
    expect(made().one('aws_backup_selection')).toMatchObject({ resources: props.resources });
    const [trust] = Object.values(made().data('aws_iam_policy_document'));
    expect(trust?.statement).toEqual([
      {
        actions: ['sts:AssumeRole'],
        principals: [{ type: 'Service', identifiers: ['backup.amazonaws.com'] }],
        condition: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: ['111122223333'] }],
      },
    ]);
    const policies = Object.values(made().all('aws_iam_role_policy_attachment')).map(({ policy_arn }) => policy_arn);
    expect(policies).toEqual([
      expect.stringContaining('AWSBackupServiceRolePolicyForBackup'),
      expect.stringContaining('AWSBackupServiceRolePolicyForRestores'),
    ]);
  });

  it('selects nothing, and needs no role, without resources', () => {
    const addresses = made({ resources: [] }).addresses.map((address) => address.split('.')[0]);
    expect(addresses).toEqual(['aws_backup_plan', 'aws_backup_vault']);
  });

  it('is copied to a vault of another region, for as long', () => {
    const copied = synthesized((stack) => {
      const provider = new AwsProvider(stack, 'west', { region: 'us-west-2', alias: 'us-west-2' });
      new Backup(stack, 'backup', { ...props, copyTo: { removable: false, keyArn: 'key-west', provider } });
    });
    const vaults = Object.values(copied.all('aws_backup_vault'));
    expect(vaults.map(({ provider, kms_key_arn }) => [provider, kms_key_arn])).toEqual([
      ['aws.us-west-2', 'key-west'],
      [undefined, undefined],
    ]);
    expect(copied.one('aws_backup_plan').rule).toEqual([
      expect.objectContaining({
        copy_action: [{ destination_vault_arn: expect.stringContaining('copy'), lifecycle: { delete_after: 90 } }],
      }),
    ]);
  });

  it('keeps a vault that holds backups unless that may go', () => {
    expect(made().one('aws_backup_vault')).not.toHaveProperty('force_destroy');
    expect(made({ vault: { removable: true } }).one('aws_backup_vault').force_destroy).toBe(true);
  });
});
