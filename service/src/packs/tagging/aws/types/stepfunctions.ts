import {
  ListStateMachinesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sfn';
import { stepfunctionsApi } from '../apis/stepfunctions.ts';
import { toSmallList } from './driver.ts';
import { pagedType } from './paged.ts';

export const stateMachine = pagedType({
  type: 'stepfunctions:statemachine',
  api: stepfunctionsApi,
  noun: ['state machine', 'state machines'],
  taggingFilter: 'states:stateMachine',
  missing: ['ResourceNotFound'],
  page: (client, nextToken, options) =>
    client.send(new ListStateMachinesCommand({ maxResults: 1000, nextToken }), options),
  next: ({ nextToken }) => nextToken,
  items: ({ stateMachines }) => stateMachines,
  resource: (machine, _place, must) => ({
    arn: must('ARN', machine.stateMachineArn),
    id: must('name', machine.name),
    createdAt: machine.creationDate,
  }),
  tags: async (client, { arn }, options) =>
    (await client.send(new ListTagsForResourceCommand({ resourceArn: arn }), options)).tags,
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ resourceArn: arn, tags: toSmallList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), options),
});
