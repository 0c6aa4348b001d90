import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionFamiliesCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { ecsApi } from '../apis/ecs.ts';
import { toSmallList } from './driver.ts';
import { namedType } from './named.ts';

/** The newest active revision of each family: older ones are kept to go back to, and run nothing new. */
export const ecsTaskDefinition = namedType({
  type: 'ecs:task-definition',
  api: ecsApi,
  noun: ['task definition', 'task definitions'],
  // "Unable to describe task definition." has no code of its own.
  missing: ['ClientException'],
  describesAtOnce: 1,
  page: (client, nextToken, options) =>
    client.send(new ListTaskDefinitionFamiliesCommand({ status: 'ACTIVE', maxResults: 100, nextToken }), options),
  next: ({ nextToken }) => nextToken,
  names: ({ families }) => families,
  nameIn: ({ arn }) => arn,
  describe: async (client, [name], options) => ({
    ...(await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: name, include: ['TAGS'] }), options)),
    // A family is described by its newest revision, so the answer does not name what was asked.
    name,
  }),
  details: ({ taskDefinition, tags, name }) => taskDefinition && [{ taskDefinition, tags, name }],
  nameOf: ({ name }) => name,
  resource: ({ taskDefinition, tags }, _place, must) =>
    taskDefinition.status === 'INACTIVE' || taskDefinition.status === 'DELETE_IN_PROGRESS'
      ? null
      : {
          arn: must('ARN', taskDefinition.taskDefinitionArn),
          id: `${must('family', taskDefinition.family)}:${must('revision', taskDefinition.revision)}`,
          state: must('status', taskDefinition.status),
          createdAt: taskDefinition.registeredAt,
          tags: must('tags', tags),
        },
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ resourceArn: arn, tags: toSmallList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), options),
});
