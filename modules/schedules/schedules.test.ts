import { actionsAllowed, rulesOf } from '../testing/policy.ts';
import { type Synthesized, synthesized } from '../testing/synthesized.ts';
import { DailyExport, type DailyExportProps } from './daily-export.ts';
import { WeekendDatabase } from './weekend-database.ts';

const schedules = (made: Synthesized) =>
  Object.fromEntries(Object.values(made.all('aws_scheduler_schedule')).map((block) => [block.name, block]));

describe('the daily export', () => {
  const build = (bucket: Partial<DailyExportProps['bucket']> = {}) =>
    synthesized(
      (stack) =>
        new DailyExport(stack, 'export', {
          name: 'cs-export',
          roleName: 'cs-export-role',
          accountId: '111122223333',
          region: 'us-east-1',
          tables: { snapshots: 'arn:table/snapshots', 'approved-accounts': 'arn:table/approved-accounts' },
          bucket: { name: 'archive', arn: 'arn:aws:s3:::archive', ...bucket },
        }),
    );

  it('asks DynamoDB once a day for each table', () => {
    const made = schedules(build());
    expect(Object.keys(made).toSorted()).toEqual(['cs-export-approved-accounts', 'cs-export-snapshots']);
    expect(made['cs-export-snapshots']).toMatchObject({
      schedule_expression: 'cron(0 3 * * ? *)',
      schedule_expression_timezone: 'UTC',
      target: {
        arn: 'arn:aws:scheduler:::aws-sdk:dynamodb:exportTableToPointInTime',
        input: expect.stringMatching(
          /"S3Prefix" = "exports\/snapshots".*"TableArn" = "arn:table\/snapshots"|"TableArn"/,
        ),
      },
    });
  });

  it('may export these tables to that folder, and nothing else', () => {
    const rules = rulesOf(build(), 'export_permissions');
    expect(actionsAllowed(rules)).toEqual([
      'dynamodb:ExportTableToPointInTime',
      's3:AbortMultipartUpload',
      's3:PutObject',
      's3:PutObjectAcl',
    ]);
    expect(rules.flatMap(({ resources }) => resources)).toEqual([
      'arn:table/snapshots',
      'arn:table/approved-accounts',
      'arn:aws:s3:::archive/exports/*',
    ]);
    expect(actionsAllowed(rulesOf(build({ keyArn: 'key' }), 'export_permissions'))).toContain('kms:GenerateDataKey');
  });
});

describe('a weekend’s database', () => {
  const build = (startHour = 6) =>
    synthesized(
      (stack) =>
        new WeekendDatabase(stack, 'weekend', {
          name: 'cs-weekend',
          roleName: 'cs-hours-role',
          accountId: '111122223333',
          database: { identifier: 'cs-db', arn: 'arn:aws:rds:us-east-1:111122223333:db:cs-db' },
          startHour,
          endHour: 22,
        }),
    );

  it('starts before the service and stops after it', () => {
    const made = schedules(build());
    expect(made['cs-weekend-database-start']).toMatchObject({
      schedule_expression: 'cron(30 5 ? * SAT *)',
      target: {
        arn: 'arn:aws:scheduler:::aws-sdk:rds:startDBInstance',
        input: expect.stringContaining('"DbInstanceIdentifier" = "cs-db"'),
      },
    });
    expect(made['cs-weekend-database-stop']).toMatchObject({
      schedule_expression: 'cron(15 22 ? * SUN *)',
      target: { arn: 'arn:aws:scheduler:::aws-sdk:rds:stopDBInstance' },
    });
    expect(schedules(build(0))['cs-weekend-database-start']).toMatchObject({
      schedule_expression: 'cron(30 23 ? * FRI *)',
    });
  });

  it('is done by a role that may do this to it alone', () => {
    const rules = rulesOf(build(), 'weekend_hours_permissions');
    expect(rules).toMatchObject([
      {
        actions: ['rds:StartDBInstance', 'rds:StopDBInstance'],
        resources: ['arn:aws:rds:us-east-1:111122223333:db:cs-db'],
      },
    ]);
    expect(rulesOf(build(), 'weekend_hours_trust')).toMatchObject([
      { principals: [{ identifiers: ['scheduler.amazonaws.com'] }], condition: [{ variable: 'aws:SourceAccount' }] },
    ]);
  });
});
