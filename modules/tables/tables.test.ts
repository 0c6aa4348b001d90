import { packNames } from '../../contracts/packs/index.ts';
import type { TableContract } from '../../contracts/table.ts';
import { deployedTables, tables } from '../../contracts/tables.ts';
import { synthesized } from '../testing/synthesized.ts';
import { Tables, type TablesProps } from './tables.ts';

const packs = packNames;
const props: TablesProps = { packs, prefix: 'marketing-mcp-', deletionProtection: true, recoveryDays: 35 };
const made = (changes: Partial<TablesProps> = {}) =>
  synthesized((stack) => new Tables(stack, 'tables', { ...props, ...changes })).all('aws_dynamodb_table');

const table = (name: string, changes: Partial<TablesProps> = {}) => made(changes)[`table_${name.replaceAll('-', '_')}`];

describe('the tables', () => {
  it('are those of the contract but the sandbox’s, named with the prefix', () => {
    const names = Object.values(made()).map(({ name }) => name);
    expect(names.toSorted()).toEqual(
      deployedTables(packs)
        .map((name) => `marketing-mcp-${name}`)
        .toSorted(),
    );
    expect(names).not.toContain('marketing-mcp-sandbox-resources');
  });

  it.each(deployedTables(packs))('%s has the keys, indexes and expiry of the contract', (name) => {
    const contract: TableContract = tables[name];
    const block = table(name);
    expect([block?.hash_key, block?.range_key]).toEqual([contract.partition, contract.sort]);
    expect(block?.ttl).toEqual(
      contract.ttl === undefined ? undefined : { attribute_name: contract.ttl, enabled: true },
    );
    const indexes = Object.entries(contract.indexes).map(([index, { partition, sort }]) => ({
      name: index,
      hash_key: partition,
      ...(sort !== undefined && { range_key: sort }),
      projection_type: 'ALL',
    }));
    expect(block?.global_secondary_index ?? []).toEqual(indexes);
  });

  it('declare every key attribute once', () => {
    expect(table('operations')?.attribute).toEqual(
      ['operationId', 'status', 'createdAt', 'tool', 'waitsFor', 'createdBy', 'idempotencyKey'].map((name) => ({
        name,
        type: 'S',
      })),
    );
  });

  it('are protected, encrypted, and recoverable where the contract says so', () => {
    expect(table('audit-logs')).toMatchObject({
      billing_mode: 'PAY_PER_REQUEST',
      deletion_protection_enabled: true,
      server_side_encryption: { enabled: true },
      point_in_time_recovery: { enabled: true, recovery_period_in_days: 35 },
    });
    expect(table('elevations')).toMatchObject({ point_in_time_recovery: { enabled: false } });
  });

  it('take a customer managed key and replicas', () => {
    const block = table('operations', {
      keyArn: 'arn:aws:kms:::key/1',
      replicas: { 'us-west-2': 'arn:aws:kms:::key/2' },
    });
    expect(block?.server_side_encryption).toEqual({ enabled: true, kms_key_arn: 'arn:aws:kms:::key/1' });
    expect(block).toMatchObject({
      stream_enabled: true,
      replica: [
        {
          region_name: 'us-west-2',
          kms_key_arn: 'arn:aws:kms:::key/2',
          point_in_time_recovery: true,
          propagate_tags: true,
        },
      ],
    });
  });
});
