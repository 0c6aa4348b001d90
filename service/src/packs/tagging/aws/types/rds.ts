/** Databases of RDS and clusters of them, which tell their tags with them. */
import {
  AddTagsToResourceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  type RDSClient,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-rds';
import { rdsApi } from '../apis/rds.ts';
import { describedType, type PageAsk } from './described.ts';
import { toList } from './driver.ts';
import type { TypeFacts } from './form.ts';

const PAGE = 100;

const ofRds: Pick<TypeFacts<RDSClient>, 'set' | 'remove'> = {
  set: (client, { arn }, tags, options) =>
    client.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: toList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new RemoveTagsFromResourceCommand({ ResourceName: arn, TagKeys: [...keys] }), options),
};

const asked = (filter: string, { token, named }: PageAsk) => ({
  ...(named && { Filters: [{ Name: filter, Values: named.map(({ id }) => id) }] }),
  MaxRecords: PAGE,
  Marker: token,
});

export const rdsDb = describedType({
  type: 'rds:db',
  api: rdsApi,
  noun: ['database', 'databases'],
  readsAtOnce: PAGE,
  page: (client, ask, options) => client.send(new DescribeDBInstancesCommand(asked('db-instance-id', ask)), options),
  next: ({ Marker }) => Marker,
  items: ({ DBInstances }) => DBInstances,
  resource: (db, _place, must) => ({
    arn: must('ARN', db.DBInstanceArn),
    id: must('name', db.DBInstanceIdentifier),
    state: must('status', db.DBInstanceStatus),
    createdAt: db.InstanceCreateTime,
    tags: must('TagList', db.TagList),
  }),
  set: ofRds.set,
  remove: ofRds.remove,
});

export const rdsCluster = describedType({
  type: 'rds:cluster',
  api: rdsApi,
  noun: ['cluster', 'clusters'],
  readsAtOnce: PAGE,
  page: (client, ask, options) => client.send(new DescribeDBClustersCommand(asked('db-cluster-id', ask)), options),
  next: ({ Marker }) => Marker,
  items: ({ DBClusters }) => DBClusters,
  resource: (cluster, _place, must) => ({
    arn: must('ARN', cluster.DBClusterArn),
    id: must('name', cluster.DBClusterIdentifier),
    state: must('status', cluster.Status),
    createdAt: cluster.ClusterCreateTime,
    tags: must('TagList', cluster.TagList),
  }),
  set: ofRds.set,
  remove: ofRds.remove,
});
