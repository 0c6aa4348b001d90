import {
  ListPipelinesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-codepipeline';
import { codepipelineApi } from '../apis/codepipeline.ts';
import { toSmallList } from './driver.ts';
import { arnIn, pagedType, tagPages } from './paged.ts';

export const pipeline = pagedType({
  type: 'codepipeline:pipeline',
  api: codepipelineApi,
  noun: ['pipeline', 'pipelines'],
  // The ARN of a pipeline has no type in it.
  taggingFilter: 'codepipeline',
  missing: ['ResourceNotFoundException'],
  page: (client, nextToken, options) => client.send(new ListPipelinesCommand({ nextToken }), options),
  next: ({ nextToken }) => nextToken,
  items: ({ pipelines }) => pipelines,
  resource: ({ name, created }, place, must) => {
    const id = must('name', name);
    return { arn: arnIn(place, 'codepipeline', id), id, createdAt: created };
  },
  tags: (client, { arn }, options) =>
    tagPages(
      (nextToken) => client.send(new ListTagsForResourceCommand({ resourceArn: arn, nextToken }), options),
      ({ nextToken }) => nextToken,
      ({ tags }) => tags,
    ),
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ resourceArn: arn, tags: toSmallList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), options),
});
