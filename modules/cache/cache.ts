/**
 * Redis or Valkey on ElastiCache, over TLS. Its token is never in Terraform, whose state would keep it: the cache is
 * made without one, and `npm run secrets` sets it on the cache and in the secret. Until then the security group alone
 * keeps others out.
 */
import { ElasticacheParameterGroup } from '@cdktf/provider-aws/lib/elasticache-parameter-group/index.js';
import { ElasticacheReplicationGroup } from '@cdktf/provider-aws/lib/elasticache-replication-group/index.js';
import { ElasticacheSubnetGroup } from '@cdktf/provider-aws/lib/elasticache-subnet-group/index.js';
import { Construct } from 'constructs';
import { LogGroup } from '../logs/log-group.ts';

const engines = {
  redis: { version: '7.1', family: 'redis7' },
  valkey: { version: '8.0', family: 'valkey8' },
} as const;

export interface CacheProps {
  /** At most 40 lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly engine: keyof typeof engines;
  /** Such as cache.t4g.micro. */
  readonly nodeType: string;
  /** With two or more, one takes over when the first or its zone fails. */
  readonly nodes: number;
  readonly port: number;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Makes changes that interrupt at once, and not in the maintenance window. Default: false. */
  readonly applyImmediately?: boolean;
  /** Days a daily snapshot is kept; 0: none is made. */
  readonly snapshotDays: number;
  readonly logRetentionDays: number;
  /** Keys to encrypt data and logs with. Default: those that AWS manages. */
  readonly keys: { readonly data?: string; readonly logs?: string };
}

export class Cache extends Construct {
  /** Of the node that writes, whichever that is. */
  readonly host: string;
  readonly port: string;
  readonly replicationGroupId: string;
  /** Ids of the nodes, by their number. */
  readonly memberIds: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    const { name, engine, nodes, port } = props;
    const several = nodes > 1;
    const group = new ElasticacheReplicationGroup(this, 'group', {
      replicationGroupId: name,
      description: `Cache of ${name}`,
      engine,
      engineVersion: engines[engine].version,
      nodeType: props.nodeType,
      numCacheClusters: nodes,
      automaticFailoverEnabled: several,
      multiAzEnabled: several,
      port,
      atRestEncryptionEnabled: 'true',
      kmsKeyId: props.keys.data,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      ...this.#place(props),
      ...this.#kept(props),
      // Given when it is false too: the provider would keep a true of before.
      applyImmediately: props.applyImmediately ?? false,
      lifecycle: { ignoreChanges: ['auth_token', 'auth_token_update_strategy'] },
    });
    group.overrideLogicalId('cache');
    this.host = group.primaryEndpointAddress;
    this.port = String(port);
    this.replicationGroupId = name;
    // ElastiCache names them so.
    const numbers = Array.from({ length: nodes }, (_, index) => String(index + 1).padStart(3, '0'));
    this.memberIds = Object.fromEntries(numbers.map((number) => [number, `${name}-${number}`]));
  }

  #place({ name, engine, subnetIds, securityGroupIds }: CacheProps) {
    const subnets = new ElasticacheSubnetGroup(this, 'subnets', {
      name,
      description: `Subnets of ${name}`,
      subnetIds: [...subnetIds],
    });
    const { family } = engines[engine];
    const parameters = new ElasticacheParameterGroup(this, 'parameters', {
      name: `${name}-${family}`,
      family,
      description: `Parameters of ${name}`,
      // It holds only what may be lost: what was not used for longest goes first.
      parameter: [{ name: 'maxmemory-policy', value: 'allkeys-lru' }],
    });
    return {
      subnetGroupName: subnets.name,
      securityGroupIds: [...securityGroupIds],
      parameterGroupName: parameters.name,
    };
  }

  #kept({ name, snapshotDays, logRetentionDays, keys }: CacheProps) {
    const log = (kind: 'slow' | 'engine') => ({
      destination: new LogGroup(this, `${kind}-log`, {
        name: `/aws/elasticache/${name}/${kind}`,
        retentionDays: logRetentionDays,
        keyArn: keys.logs,
      }).name,
      destinationType: 'cloudwatch-logs',
      logFormat: 'json',
      logType: `${kind}-log`,
    });
    return {
      snapshotRetentionLimit: snapshotDays,
      // UTC, before the maintenance window.
      ...(snapshotDays > 0 && { snapshotWindow: '03:00-04:00' }),
      maintenanceWindow: 'sun:04:30-sun:05:30',
      autoMinorVersionUpgrade: 'true',
      logDeliveryConfiguration: [log('slow'), log('engine')],
    };
  }
}
