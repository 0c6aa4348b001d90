import { DescribeFileSystemsCommand, FSxClient, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-fsx';
import { awsApi } from '../api.ts';
import { describedType } from './described.ts';
import { toList } from './driver.ts';

export const fsxFileSystem = describedType({
  type: 'fsx:file-system',
  api: awsApi('fsx', (config) => new FSxClient(config)),
  noun: ['file system', 'file systems'],
  readsAtOnce: 50,
  missing: ['FileSystemNotFound'],
  page: (client, { token, named }, options) =>
    client.send(
      new DescribeFileSystemsCommand({ NextToken: token, FileSystemIds: named?.map(({ id }) => id) }),
      options,
    ),
  next: ({ NextToken }) => NextToken,
  items: ({ FileSystems }) => FileSystems,
  resource: (each, _place, must) => ({
    arn: must('ARN', each.ResourceARN),
    id: must('id', each.FileSystemId),
    state: each.Lifecycle,
    createdAt: each.CreationTime,
    // FSx leaves the list out where a file system has no tags.
    tags: each.Tags ?? [],
  }),
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ ResourceARN: arn, Tags: toList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ ResourceARN: arn, TagKeys: [...keys] }), options),
});
