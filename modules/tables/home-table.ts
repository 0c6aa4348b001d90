/** The table of the home record: one item that says which region may write, in every region of the environment. */
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import { Construct } from 'constructs';
import { homeTable } from '../../contracts/home.ts';

export interface HomeTableProps {
  /** Start of its name; the service is told the same in TABLE_PREFIX. */
  readonly prefix: string;
  readonly deletionProtection: boolean;
  readonly recoveryDays: number;
  /** The other regions. */
  readonly replicas: readonly string[];
}

export class HomeTable extends Construct {
  constructor(scope: Construct, id: string, props: HomeTableProps) {
    super(scope, id);
    const { prefix, deletionProtection, recoveryDays, replicas } = props;
    const table = new DynamodbTable(this, 'table', {
      name: `${prefix}${homeTable.suffix}`,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: homeTable.partition,
      attribute: [{ name: homeTable.partition, type: 'S' }],
      deletionProtectionEnabled: deletionProtection,
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: recoveryDays },
      // AWS's key, because tasks also read the item in other regions, where they may not use our key.
      serverSideEncryption: { enabled: true },
      streamEnabled: true,
      streamViewType: 'NEW_AND_OLD_IMAGES',
      replica: replicas.map((regionName) => ({ regionName, pointInTimeRecovery: true, propagateTags: true })),
    });
    table.overrideLogicalId('table_home');
  }
}
