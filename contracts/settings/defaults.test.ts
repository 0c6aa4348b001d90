import { parseSettings, type RawSettings } from './parse.ts';
import { parsed, small } from './testing/small.ts';

describe('defaults that follow from other settings', () => {
  it('tell of threats wherever there may be a detector', () => {
    expect(parsed({ environment: 'prod', guardduty: false }).guardduty_findings).toBe(true);
    expect(parsed({ guardduty: true }).guardduty_findings).toBe(true);
    expect(parsed({ guardduty: true, guardduty_findings: false }).guardduty_findings).toBe(false);
  });

  it('turn on in prod what protects data', () => {
    const keeps = [
      'deletion_protection',
      'db_multi_az',
      'backups',
      'audit_archive',
      'log_archive',
      'guardduty',
      'guardduty_findings',
    ] as const;
    const [dev, prod] = [parsed(), parsed({ environment: 'prod' })];
    expect(keeps.map((name) => [dev[name], prod[name]])).toEqual(keeps.map(() => [false, true]));
    expect([dev.db_backup_days, parsed({ environment: 'staging' }).db_backup_days, prod.db_backup_days]).toEqual([
      7, 14, 35,
    ]);
  });

  it.each([
    ['dev', 'dev'],
    ['test', 'dev'],
    ['qa', 'staging'],
    ['eu-staging', 'staging'],
    ['production', 'prod'],
    ['eu-prod', 'prod'],
    ['prod-test', 'prod'],
    ['mine', 'prod'],
  ])('look at the kind, which for %s is %s unless it is given', (environment, kind) => {
    expect(parsed({ environment })).toMatchObject({ environment, kind, deletion_protection: kind === 'prod' });
    expect(parsed({ environment, kind: 'dev' })).toMatchObject({ kind: 'dev', deletion_protection: false });
  });

  it('take the name of the file for that of the environment, unless one is given', () => {
    const named = (raw: RawSettings) => parseSettings({ ...small, ...raw }, 'eu-prod');
    expect(named({ environment: undefined })).toMatchObject({
      ok: true,
      regions: [{ environment: 'eu-prod', kind: 'prod', name_prefix: 'shop-eu-prod', secret_prefix: 'shop/eu-prod' }],
    });
    expect(named({})).toMatchObject({ ok: true, regions: [{ environment: 'dev', kind: 'dev' }] });
  });

  it('carry jobs by a queue in staging and prod, but not where nothing would take from it', () => {
    const carried = (raw: RawSettings) => parsed(raw).job_queue;
    expect(['dev', 'staging', 'prod'].map((environment) => carried({ environment }))).toEqual(['tables', 'sqs', 'sqs']);
    expect(carried({ environment: 'prod', container: 'custom' })).toBe('tables');
    expect(carried({ environment: 'staging', weekend_only: true })).toBe('tables');
    expect([carried({ job_queue: 'sqs' }), carried({ environment: 'prod', job_queue: 'tables' })]).toEqual([
      'sqs',
      'tables',
    ]);
  });

  it('name things after the project and the environment', () => {
    expect(parsed()).toMatchObject({
      name_prefix: 'shop-dev',
      table_prefix: 'shop-dev-',
      secret_prefix: 'shop/dev',
      state_bucket: 'shop-111122223333-terraform-state',
      token_audience: 'https://mcp.example.com/mcp',
      origin_domain_name: 'origin-mcp.example.com',
    });
  });

  it('keep a fixed count unless it scales', () => {
    expect(parsed({ desired_count: 4 })).toMatchObject({ min_count: 4, max_count: 4 });
    expect(parsed({ desired_count: 4, autoscale: true, min_count: 2, max_count: 9 })).toMatchObject({
      min_count: 2,
      max_count: 9,
    });
  });

  it('keep a value that was given, false included', () => {
    expect(parsed({ environment: 'prod', deletion_protection: false, guardduty: false })).toMatchObject({
      deletion_protection: false,
      guardduty: false,
    });
  });
});
