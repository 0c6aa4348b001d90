/** Two regions that share one state: what each of them makes, and what it leaves to the other. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployedTables } from '../../contracts/tables.ts';
import { archives, readSynthesized, type Synthesized, settingsOf } from '../testing/synthesized.ts';
import { twoRegions } from '../testing/two-regions.ts';
import { synthesize } from './synthesize.ts';

describe('two regions with a home', () => {
  let us: Synthesized;
  let eu: Synthesized;

  beforeAll(async () => {
    const outdir = await mkdtemp(join(tmpdir(), 'countersign-regions-'));
    const regions = await settingsOf('dev', { ...twoRegions, ingress_mode: 'alb', encryption: 'cmk', backups: true });
    const target = { kind: 'offline', stateFolder: outdir } as const;
    const stacks = await synthesize({ label: 'dev', regions, target, outdir, archives });
    expect(stacks).toEqual(['dev-us-east-1', 'dev-eu-west-1']);
    const read = async (stack: string) =>
      readSynthesized(await readFile(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
    [us, eu] = await Promise.all([read('dev-us-east-1'), read('dev-eu-west-1')]);
    await rm(outdir, { recursive: true });
  });

  it('keep one set of tables: the primary region makes them, with replicas in the other', () => {
    const tables = us.all('aws_dynamodb_table');
    expect(Object.keys(tables)).toHaveLength(deployedTables(['tagging']).length + 1);
    for (const { replica, stream_enabled } of Object.values(tables))
      expect({ replica, stream_enabled }).toMatchObject({
        replica: [{ region_name: 'eu-west-1' }],
        stream_enabled: true,
      });
    expect(eu.all('aws_dynamodb_table')).toEqual({});
    expect(eu.all('aws_backup_plan')).toEqual({});
  });

  it('keep the home record in a table of its own, which a service may only read, in both regions', () => {
    expect(us.all('aws_dynamodb_table').table_home).toMatchObject({ name: 'countersign-dev-home', hash_key: 'name' });
    for (const region of [us, eu]) {
      const statements = Object.values(region.data('aws_iam_policy_document')).flatMap(
        ({ statement }) => statement as { sid?: string; actions?: string[]; resources?: string[] }[],
      );
      const about = statements.filter(({ resources }) => JSON.stringify(resources ?? []).includes('-home'));
      expect(about).toEqual([
        expect.objectContaining({
          sid: 'HomeRead',
          actions: ['dynamodb:GetItem'],
          resources: [
            'arn:aws:dynamodb:eu-west-1:111122223333:table/countersign-dev-home',
            'arn:aws:dynamodb:us-east-1:111122223333:table/countersign-dev-home',
          ],
        }),
      ]);
    }
  });

  it('tell the service the same home, whatever the region', () => {
    for (const region of [us, eu]) {
      const definition = JSON.stringify(Object.values(region.all('aws_ecs_task_definition'))[0]);
      expect(definition).toContain('HOME_REGION');
      expect(definition).toContain('eu-west-1,us-east-1');
      expect(definition).toContain('countersign-dev-');
    }
  });

  it('read replicas with the key that the primary region made for them', () => {
    expect(Object.values(eu.data('aws_kms_alias'))).toMatchObject([{ name: 'alias/countersign-dev-data-us-east-1' }]);
    const used = JSON.stringify(eu.data('aws_iam_policy_document'));
    expect(used).toContain('data.aws_kms_alias.');
    expect(used).toContain('dynamodb.eu-west-1.amazonaws.com');
  });

  it('are answered by health under one name, the home first', () => {
    expect(
      [us, eu].map((region) =>
        Object.values(region.all('aws_route53_record')).find(({ set_identifier }) => set_identifier),
      ),
    ).toEqual([
      expect.objectContaining({ set_identifier: 'us-east-1', failover_routing_policy: { type: 'PRIMARY' } }),
      expect.objectContaining({ set_identifier: 'eu-west-1', failover_routing_policy: { type: 'SECONDARY' } }),
    ]);
    for (const region of [us, eu])
      expect(region.one('aws_route53_health_check')).toMatchObject({ request_interval: 30, failure_threshold: 3 });
  });
});
