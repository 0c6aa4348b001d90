import {
  GetRestApiCommand,
  GetRestApisCommand,
  type GetRestApisCommandOutput,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-api-gateway';
import { apigatewayApi } from '../apis/apigateway.ts';
import { describedType } from './described.ts';

export const restApi = describedType({
  type: 'apigateway:restapi',
  api: apigatewayApi,
  noun: ['REST API', 'REST APIs'],
  missing: ['NotFoundException'],
  readsAtOnce: 1,
  page: async (client, { token, named }, options): Promise<GetRestApisCommandOutput> => {
    const [one] = named ?? [];
    if (one === undefined) return client.send(new GetRestApisCommand({ limit: 500, position: token }), options);
    const told = await client.send(new GetRestApiCommand({ restApiId: one.id }), options);
    return { $metadata: told.$metadata, items: [told] };
  },
  next: ({ position }) => position,
  items: ({ items }) => items,
  resource: (each, { partition, region }, must) => {
    const id = must('id', each.id);
    return {
      arn: `arn:${partition}:apigateway:${region}::/restapis/${id}`,
      id,
      createdAt: each.createdDate,
      // The tags are left out where an API has none.
      tags: each.tags ?? {},
    };
  },
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ resourceArn: arn, tags: { ...tags } }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), options),
});
