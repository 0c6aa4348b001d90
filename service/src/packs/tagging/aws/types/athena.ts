import {
  ListTagsForResourceCommand,
  ListWorkGroupsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-athena';
import { athenaApi } from '../apis/athena.ts';
import { toList } from './driver.ts';
import { arnIn, pagedType, tagPages } from './paged.ts';

export const athenaWorkgroup = pagedType({
  type: 'athena:workgroup',
  api: athenaApi,
  noun: ['workgroup', 'workgroups'],
  taggingFilter: 'athena:workgroup',
  missing: ['ResourceNotFoundException'],
  page: (client, NextToken, options) => client.send(new ListWorkGroupsCommand({ MaxResults: 50, NextToken }), options),
  next: ({ NextToken }) => NextToken,
  items: ({ WorkGroups }) => WorkGroups,
  resource: (group, place, must) => {
    const id = must('name', group.Name);
    const state = must('state', group.State);
    return { arn: arnIn(place, 'athena', `workgroup/${id}`), id, state, createdAt: group.CreationTime };
  },
  tags: (client, { arn }, options) =>
    tagPages(
      (NextToken) => client.send(new ListTagsForResourceCommand({ ResourceARN: arn, NextToken }), options),
      ({ NextToken }) => NextToken,
      ({ Tags }) => Tags,
    ),
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ ResourceARN: arn, Tags: toList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ ResourceARN: arn, TagKeys: [...keys] }), options),
});
