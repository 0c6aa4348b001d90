import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { CreateFileSystemCommand, EFSClient } from '@aws-sdk/client-efs';
import {
  CreateCacheClusterCommand,
  CreateReplicationGroupCommand,
  ElastiCacheClient,
} from '@aws-sdk/client-elasticache';
import { CreateFileSystemCommand as CreateFsxCommand, FSxClient } from '@aws-sdk/client-fsx';
import { CreateDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateClusterCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import type { Makers } from './maker.ts';

const secret = { MasterUsername: 'someone', MasterUserPassword: 'Something-long-1' };

export const storeMakers: Makers = {
  'elasticfilesystem:file-system': (config) =>
    new EFSClient(config).send(new CreateFileSystemCommand({ CreationToken: 'shared' })),
  'fsx:file-system': (config) =>
    new FSxClient(config).send(
      new CreateFsxCommand({ FileSystemType: 'LUSTRE', StorageCapacity: 1200, SubnetIds: ['subnet-1'] }),
    ),
  'ecr:repository': (config) =>
    new ECRClient(config).send(new CreateRepositoryCommand({ repositoryName: 'team/service' })),
  'rds:cluster': (config) =>
    new RDSClient(config).send(
      new CreateDBClusterCommand({ DBClusterIdentifier: 'ledger', Engine: 'aurora-postgresql', ...secret }),
    ),
  'redshift:cluster': (config) =>
    new RedshiftClient(config).send(
      new CreateClusterCommand({ ClusterIdentifier: 'warehouse', NodeType: 'dc2.large', ...secret }),
    ),
  'elasticache:cluster': (config) =>
    new ElastiCacheClient(config).send(
      new CreateCacheClusterCommand({
        CacheClusterId: 'sessions',
        Engine: 'redis',
        CacheNodeType: 'cache.t3.micro',
        NumCacheNodes: 1,
      }),
    ),
  'elasticache:replicationgroup': (config) =>
    new ElastiCacheClient(config).send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId: 'carts',
        ReplicationGroupDescription: 'carts',
        Engine: 'redis',
        CacheNodeType: 'cache.t3.micro',
      }),
    ),
  'logs:log-group': (config) =>
    new CloudWatchLogsClient(config).send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/resize' })),
  'cloudwatch:alarm': (config) =>
    new CloudWatchClient(config).send(
      new PutMetricAlarmCommand({
        AlarmName: 'too slow: website',
        MetricName: 'Duration',
        Namespace: 'Web',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Statistic: 'Average',
      }),
    ),
};
