import {
  ListTablesCommand,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-dynamodb';
import { dynamodbApi } from '../apis/dynamodb.ts';
import { toList } from './driver.ts';
import { arnIn, pagedType, tagPages } from './paged.ts';

export const dynamodbTable = pagedType({
  type: 'dynamodb:table',
  api: dynamodbApi,
  noun: ['table', 'tables'],
  taggingFilter: 'dynamodb:table',
  missing: ['ResourceNotFoundException'],
  page: (client, token, options) =>
    client.send(new ListTablesCommand({ Limit: 100, ExclusiveStartTableName: token }), options),
  next: ({ LastEvaluatedTableName }) => LastEvaluatedTableName,
  items: ({ TableNames }) => TableNames,
  resource: (name, place) => ({ arn: arnIn(place, 'dynamodb', `table/${name}`), id: name }),
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html: in pages.
  tags: (client, { arn }, options) =>
    tagPages(
      (NextToken) => client.send(new ListTagsOfResourceCommand({ ResourceArn: arn, NextToken }), options),
      ({ NextToken }) => NextToken,
      ({ Tags }) => Tags,
    ),
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ ResourceArn: arn, Tags: toList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: [...keys] }), options),
});
