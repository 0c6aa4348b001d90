/** The DynamoDB tables of the contract. */
import { DynamodbTable, type DynamodbTableConfig } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import { Construct } from 'constructs';
import type { TableContract } from '../../contracts/table.ts';
import { deployedTables, type TableName, tables } from '../../contracts/tables.ts';

export interface TablesProps {
  /** Tool packs whose tables are made beside those of the core. */
  readonly packs: readonly string[];
  /** Start of every table's name; the service is told the same in TABLE_PREFIX. */
  readonly prefix: string;
  /** Key to encrypt with. Default: a key that AWS owns. */
  readonly keyArn?: string | undefined;
  readonly deletionProtection: boolean;
  /** Days back to which a table can be restored, where the contract asks for it. */
  readonly recoveryDays: number;
  /** Regions that hold replicas, each with the key to encrypt with there; one where there is a keyArn. */
  readonly replicas?: Readonly<Record<string, string | undefined>>;
}

/** Every key attribute of a table and its indexes, once, as DynamoDB wants them declared. */
const keyAttributes = (contract: TableContract): { name: string; type: string }[] => {
  const keys = [contract, ...Object.values(contract.indexes)];
  const names = new Set(keys.flatMap(({ partition, sort }) => (sort === undefined ? [partition] : [partition, sort])));
  return [...names].map((name) => ({ name, type: 'S' }));
};

const shapeOf = (contract: TableContract): Omit<DynamodbTableConfig, 'name'> => ({
  billingMode: 'PAY_PER_REQUEST',
  hashKey: contract.partition,
  ...(contract.sort !== undefined && { rangeKey: contract.sort }),
  attribute: keyAttributes(contract),
  globalSecondaryIndex: Object.entries(contract.indexes).map(([name, { partition, sort }]) => ({
    name,
    hashKey: partition,
    ...(sort !== undefined && { rangeKey: sort }),
    // The service reads whole rows through an index.
    projectionType: 'ALL',
  })),
  ...(contract.ttl !== undefined && { ttl: { attributeName: contract.ttl, enabled: true } }),
});

export class Tables extends Construct {
  /** Name and ARN of each table, by its name in the contract. Those of a sandbox are not made. */
  readonly tables: Readonly<Partial<Record<TableName, { readonly name: string; readonly arn: string }>>>;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
    const made = deployedTables(props.packs).map((name) => {
      const table = this.#add(name, props);
      return [name, { name: `${props.prefix}${name}`, arn: table.arn }] as const;
    });
    this.tables = Object.fromEntries(made);
  }

  #add(name: TableName, props: TablesProps): DynamodbTable {
    const { prefix, keyArn, deletionProtection, recoveryDays, replicas = {} } = props;
    const contract: TableContract = tables[name];
    const table = new DynamodbTable(this, name, {
      name: `${prefix}${name}`,
      ...shapeOf(contract),
      deletionProtectionEnabled: deletionProtection,
      pointInTimeRecovery: {
        enabled: contract.pointInTimeRecovery,
        ...(contract.pointInTimeRecovery && { recoveryPeriodInDays: recoveryDays }),
      },
      serverSideEncryption: { enabled: true, ...(keyArn !== undefined && { kmsKeyArn: keyArn }) },
      ...(Object.keys(replicas).length > 0 && {
        streamEnabled: true,
        streamViewType: 'NEW_AND_OLD_IMAGES',
        replica: Object.entries(replicas).map(([regionName, kmsKeyArn]) => ({
          regionName,
          kmsKeyArn,
          pointInTimeRecovery: contract.pointInTimeRecovery,
          propagateTags: true,
        })),
      }),
    });
    // A table's address never changes with the code around it: a move would be a new, empty table.
    table.overrideLogicalId(`table_${name.replaceAll('-', '_')}`);
    return table;
  }
}
