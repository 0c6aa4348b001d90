import { DescribeFileSystemsCommand, EFSClient, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-efs';
import { awsApi } from '../api.ts';
import { describedType } from './described.ts';
import { toList } from './driver.ts';

export const efsFileSystem = describedType({
  type: 'elasticfilesystem:file-system',
  api: awsApi('efs', (config) => new EFSClient(config)),
  noun: ['file system', 'file systems'],
  readsAtOnce: 1,
  missing: ['FileSystemNotFound'],
  page: (client, { token, named }, options) =>
    client.send(
      new DescribeFileSystemsCommand({
        Marker: token,
        ...(named ? { FileSystemId: named[0]?.id } : { MaxItems: 100 }),
      }),
      options,
    ),
  next: ({ NextMarker }) => NextMarker,
  items: ({ FileSystems }) => FileSystems,
  resource: (each, { partition, region, accountId }, must) => {
    const id = must('id', each.FileSystemId);
    const state = must('state', each.LifeCycleState);
    if (state === 'deleted') return null;
    const arn = each.FileSystemArn ?? `arn:${partition}:elasticfilesystem:${region}:${accountId}:file-system/${id}`;
    return { arn, id, state, createdAt: each.CreationTime, tags: must('tags', each.Tags) };
  },
  set: (client, { id }, tags, options) =>
    client.send(new TagResourceCommand({ ResourceId: id, Tags: toList(tags) }), options),
  remove: (client, { id }, keys, options) =>
    client.send(new UntagResourceCommand({ ResourceId: id, TagKeys: [...keys] }), options),
});
