import {
  ListFunctionsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-lambda';
import type { Resource } from '../../estate.ts';
import { inParallel } from '../parallel.ts';
import { type Place, pages } from '../place.ts';
import { type Listed, saysMissing, type TypeDriver } from './driver.ts';

const PAGE = 50;
const AT_ONCE = 8;

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
  list: async (place) => {
    const found: Listed[] = [];
    const answers = pages(
      (Marker) =>
        place.send('lambda', (client, options) =>
          client.send(new ListFunctionsCommand({ MaxItems: PAGE, Marker }), options),
        ),
      (answer) => answer.NextMarker,
    );
    for await (const { Functions = [] } of answers)
      for (const { FunctionArn: arn, FunctionName: id } of Functions)
        if (arn !== undefined && id !== undefined) found.push(resourceOf(arn, id, null, place));
    return found;
  },
  read: async (place, arns) => {
    const read = await inParallel(arns, AT_ONCE, async ({ arn, id }): Promise<Resource[]> => {
      try {
        const { Tags = {} } = await place.send('lambda', (client, options) =>
          client.send(new ListTagsCommand({ Resource: arn }), options),
        );
        return [{ ...resourceOf(arn, id, Tags, place), tags: Tags }];
      } catch (error) {
        if (saysMissing(error, 'ResourceNotFoundException')) return [];
        throw error;
      }
    });
    return read.flat();
  },
  tag: async (place, { arn }, tags) => {
    await place.send('lambda', (client, options) =>
      client.send(new TagResourceCommand({ Resource: arn, Tags: { ...tags } }), options),
    );
  },
  untag: async (place, { arn }, keys) => {
    await place.send('lambda', (client, options) =>
      client.send(new UntagResourceCommand({ Resource: arn, TagKeys: [...keys] }), options),
    );
  },
};
