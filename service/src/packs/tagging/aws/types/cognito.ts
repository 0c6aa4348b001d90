/** Cognito's user pools and identity pools, which are services of their own. */
import {
  ListIdentityPoolsCommand,
  ListTagsForResourceCommand as ListTagsOfIdentityPoolCommand,
  TagResourceCommand as TagIdentityPoolCommand,
  UntagResourceCommand as UntagIdentityPoolCommand,
} from '@aws-sdk/client-cognito-identity';
import {
  ListTagsForResourceCommand,
  ListUserPoolsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { cognitoIdentityApi } from '../apis/cognito-identity.ts';
import { cognitoIdpApi } from '../apis/cognito-idp.ts';
import { arnIn, pagedType } from './paged.ts';

const PAGE = 60;

export const userPool = pagedType({
  type: 'cognito-idp:userpool',
  api: cognitoIdpApi,
  noun: ['user pool', 'user pools'],
  taggingFilter: 'cognito-idp:userpool',
  missing: ['ResourceNotFoundException'],
  page: (client, NextToken, options) => client.send(new ListUserPoolsCommand({ MaxResults: PAGE, NextToken }), options),
  next: ({ NextToken }) => NextToken,
  items: ({ UserPools }) => UserPools,
  resource: (pool, place, must) => {
    const id = must('id', pool.Id);
    return { arn: arnIn(place, 'cognito-idp', `userpool/${id}`), id, createdAt: pool.CreationDate };
  },
  tags: async (client, { arn }, options) =>
    (await client.send(new ListTagsForResourceCommand({ ResourceArn: arn }), options)).Tags,
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ ResourceArn: arn, Tags: { ...tags } }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: [...keys] }), options),
});

export const identityPool = pagedType({
  type: 'cognito-identity:identitypool',
  api: cognitoIdentityApi,
  noun: ['identity pool', 'identity pools'],
  taggingFilter: 'cognito-identity:identitypool',
  missing: ['ResourceNotFoundException'],
  page: (client, NextToken, options) =>
    client.send(new ListIdentityPoolsCommand({ MaxResults: PAGE, NextToken }), options),
  next: ({ NextToken }) => NextToken,
  items: ({ IdentityPools }) => IdentityPools,
  resource: (pool, place, must) => {
    const id = must('id', pool.IdentityPoolId);
    return { arn: arnIn(place, 'cognito-identity', `identitypool/${id}`), id };
  },
  tags: async (client, { arn }, options) =>
    (await client.send(new ListTagsOfIdentityPoolCommand({ ResourceArn: arn }), options)).Tags,
  set: (client, { arn }, tags, options) =>
    client.send(new TagIdentityPoolCommand({ ResourceArn: arn, Tags: { ...tags } }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagIdentityPoolCommand({ ResourceArn: arn, TagKeys: [...keys] }), options),
});
