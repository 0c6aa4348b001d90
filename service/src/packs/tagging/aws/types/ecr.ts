import {
  DescribeRepositoriesCommand,
  ECRClient,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr';
import type { Arn } from '../../estate/arn.ts';
import { awsApi } from '../api.ts';
import { describedType } from './described.ts';
import { toList } from './driver.ts';

/** A name has slashes. */
const nameIn = ({ arn }: Arn): string => arn.split(':repository/')[1] ?? '';

export const ecrRepository = describedType({
  type: 'ecr:repository',
  api: awsApi('ecr', (config) => new ECRClient(config)),
  noun: ['repository', 'repositories'],
  taggingFilter: 'ecr',
  readsAtOnce: 100,
  missing: ['RepositoryNotFoundException'],
  page: (client, { token: nextToken, named }, options) => {
    const which = named ? { repositoryNames: named.map(nameIn) } : { maxResults: 1000 };
    return client.send(new DescribeRepositoriesCommand({ ...which, nextToken }), options);
  },
  next: ({ nextToken }) => nextToken,
  items: ({ repositories }) => repositories,
  resource: (repository, _place, must) => ({
    arn: must('ARN', repository.repositoryArn),
    id: must('name', repository.repositoryName),
    createdAt: repository.createdAt,
    tags: null,
  }),
  tags: async (client, { arn }, options) =>
    (await client.send(new ListTagsForResourceCommand({ resourceArn: arn }), options)).tags,
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ resourceArn: arn, tags: toList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), options),
});
