import {
  ListFunctionsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-lambda';
import type { Resource } from '../../estate/estate.ts';
import { lambdaApi } from '../apis/lambda.ts';
import { member } from '../failure.ts';
import { type Place, pages } from '../place.ts';
import { type Listed, saysMissing, type TypeDriver } from './driver.ts';

const PAGE = 50;

const resourceOf = (arn: string, id: string, tags: Resource['tags'] | null, { accountId, region }: Place): Listed => ({
  arn,
  type: 'lambda:function',
  accountId,
  region,
  id,
  tags,
  state: 'active',
  // LastModified is when it was last deployed, not when it was made.
  createdAt: null,
});

export const lambdaFunction: TypeDriver = {
  type: 'lambda:function',
  service: 'lambda',
  taggingFilter: 'lambda:function',
  readsAtOnce: 1,
  list: async (place) => {
    const found: Listed[] = [];
    const answers = pages(
      (Marker) =>
        place.send(lambdaApi, (client, options) =>
          client.send(new ListFunctionsCommand({ MaxItems: PAGE, Marker }), options),
        ),
      (answer) => answer.NextMarker,
    );
    for await (const { Functions } of answers)
      for (const { FunctionArn, FunctionName } of member('lambda', 'Functions', Functions)) {
        const arn = member('lambda', 'the ARN of a function', FunctionArn);
        found.push(resourceOf(arn, member('lambda', 'the name of a function', FunctionName), null, place));
      }
    return { resources: found };
  },
  read: async (place, arns) => {
    const found: Resource[] = [];
    for (const { arn, id } of arns)
      try {
        const answer = await place.send(lambdaApi, (client, options) =>
          client.send(new ListTagsCommand({ Resource: arn }), options),
        );
        const tags = member('lambda', 'Tags', answer.Tags);
        found.push({ ...resourceOf(arn, id, tags, place), tags });
      } catch (error) {
        if (!saysMissing(error, 'ResourceNotFoundException')) throw error;
      }
    return found;
  },
  tag: async (place, { arn }, tags) => {
    await place.send(lambdaApi, (client, options) =>
      client.send(new TagResourceCommand({ Resource: arn, Tags: { ...tags } }), options),
    );
  },
  untag: async (place, { arn }, keys) => {
    await place.send(lambdaApi, (client, options) =>
      client.send(new UntagResourceCommand({ Resource: arn, TagKeys: [...keys] }), options),
    );
  },
};
