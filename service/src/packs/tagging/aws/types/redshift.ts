import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeClustersCommand,
  RedshiftClient,
} from '@aws-sdk/client-redshift';
import { awsApi } from '../api.ts';
import { describedType } from './described.ts';
import { toList } from './driver.ts';

export const redshiftCluster = describedType({
  type: 'redshift:cluster',
  api: awsApi('redshift', (config) => new RedshiftClient(config)),
  noun: ['cluster', 'clusters'],
  readsAtOnce: 1,
  missing: ['ClusterNotFoundFault', 'ClusterNotFound'],
  page: (client, { token, named }, options) =>
    client.send(
      new DescribeClustersCommand({
        Marker: token,
        ...(named ? { ClusterIdentifier: named[0]?.id } : { MaxRecords: 100 }),
      }),
      options,
    ),
  next: ({ Marker }) => Marker,
  items: ({ Clusters }) => Clusters,
  resource: (cluster, { partition, region, accountId }, must) => {
    const id = must('name', cluster.ClusterIdentifier);
    return {
      arn: `arn:${partition}:redshift:${region}:${accountId}:cluster:${id}`,
      id,
      state: must('status', cluster.ClusterStatus),
      createdAt: cluster.ClusterCreateTime,
      tags: must('tags', cluster.Tags),
    };
  },
  set: (client, { arn }, tags, options) =>
    client.send(new CreateTagsCommand({ ResourceName: arn, Tags: toList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new DeleteTagsCommand({ ResourceName: arn, TagKeys: [...keys] }), options),
});
