/** SageMaker's endpoints and notebook instances. */
import {
  AddTagsCommand,
  DeleteTagsCommand,
  ListEndpointsCommand,
  ListNotebookInstancesCommand,
  ListTagsCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { sagemakerApi } from '../apis/sagemaker.ts';
import { describedType } from './described.ts';
import { toList } from './driver.ts';
import type { TypeFacts } from './form.ts';
import { tagPages } from './paged.ts';

const PAGE = 100;

const ofSageMaker = {
  api: sagemakerApi,
  tags: (client, { arn }, options) =>
    tagPages(
      (NextToken) => client.send(new ListTagsCommand({ ResourceArn: arn, NextToken }), options),
      ({ NextToken }) => NextToken,
      ({ Tags }) => Tags,
    ),
  set: (client, { arn }, tags, options) =>
    client.send(new AddTagsCommand({ ResourceArn: arn, Tags: toList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new DeleteTagsCommand({ ResourceArn: arn, TagKeys: [...keys] }), options),
  // ListTags documents no error for what does not exist, so the list itself says what does.
  readsAtOnce: PAGE,
} satisfies Pick<TypeFacts<SageMakerClient>, 'api' | 'tags' | 'set' | 'remove'> & { readonly readsAtOnce: number };

export const sagemakerEndpoint = describedType({
  type: 'sagemaker:endpoint',
  noun: ['endpoint', 'endpoints'],
  taggingFilter: 'sagemaker:endpoint',
  ...ofSageMaker,
  page: (client, { token }, options) =>
    client.send(new ListEndpointsCommand({ MaxResults: PAGE, NextToken: token }), options),
  next: ({ NextToken }) => NextToken,
  items: ({ Endpoints }) => Endpoints,
  resource: (each, _place, must) => ({
    arn: must('ARN', each.EndpointArn),
    id: must('name', each.EndpointName),
    state: must('status', each.EndpointStatus),
    createdAt: each.CreationTime,
    tags: null,
  }),
});

export const notebookInstance = describedType({
  type: 'sagemaker:notebook-instance',
  noun: ['notebook instance', 'notebook instances'],
  taggingFilter: 'sagemaker:notebook-instance',
  ...ofSageMaker,
  page: (client, { token }, options) =>
    client.send(new ListNotebookInstancesCommand({ MaxResults: PAGE, NextToken: token }), options),
  next: ({ NextToken }) => NextToken,
  items: ({ NotebookInstances }) => NotebookInstances,
  resource: (each, _place, must) => ({
    arn: must('ARN', each.NotebookInstanceArn),
    id: must('name', each.NotebookInstanceName),
    state: must('status', each.NotebookInstanceStatus),
    createdAt: each.CreationTime,
    tags: null,
  }),
});
