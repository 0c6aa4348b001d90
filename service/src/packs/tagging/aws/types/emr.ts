import {
  AddTagsCommand,
  type Cluster,
  type ClusterState,
  DescribeClusterCommand,
  ListClustersCommand,
  RemoveTagsCommand,
} from '@aws-sdk/client-emr';
import { emrApi } from '../apis/emr.ts';
import { toList } from './driver.ts';
import { namedType } from './named.ts';

/** Those that are there: EMR tells of others for two months. */
const living: ClusterState[] = ['STARTING', 'BOOTSTRAPPING', 'RUNNING', 'WAITING', 'TERMINATING'];

const isGone = ({ Status }: Cluster): boolean => /^TERMINATED/.test(Status?.State ?? '');

export const emrCluster = namedType({
  type: 'emr:cluster',
  api: emrApi,
  noun: ['cluster', 'clusters'],
  // "Cluster id 'j-1' is not valid." is all that EMR says of one that it does not know.
  missing: ['InvalidRequestException'],
  describesAtOnce: 1,
  page: (client, Marker, options) => client.send(new ListClustersCommand({ ClusterStates: living, Marker }), options),
  next: ({ Marker }) => Marker,
  names: ({ Clusters }) => Clusters?.map(({ Id }) => Id),
  nameIn: ({ id }) => id,
  describe: (client, [ClusterId], options) => client.send(new DescribeClusterCommand({ ClusterId }), options),
  details: ({ Cluster: cluster }) => cluster && [cluster],
  nameOf: ({ Id }) => Id,
  resource: (cluster, _place, must) =>
    isGone(cluster)
      ? null
      : {
          arn: must('ARN', cluster.ClusterArn),
          id: must('id', cluster.Id),
          state: must('state', cluster.Status?.State),
          createdAt: cluster.Status?.Timeline?.CreationDateTime,
          tags: must('tags', cluster.Tags),
        },
  set: (client, { id }, tags, options) =>
    client.send(new AddTagsCommand({ ResourceId: id, Tags: toList(tags) }), options),
  remove: (client, { id }, keys, options) =>
    client.send(new RemoveTagsCommand({ ResourceId: id, TagKeys: [...keys] }), options),
});
