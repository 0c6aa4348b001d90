import {
  DescribeSecretCommand,
  ListSecretsCommand,
  type ListSecretsCommandOutput,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { secretsmanagerApi } from '../apis/secretsmanager.ts';
import { describedType } from './described.ts';
import { toList } from './driver.ts';

export const storedSecret = describedType({
  type: 'secretsmanager:secret',
  api: secretsmanagerApi,
  noun: ['secret', 'secrets'],
  missing: ['ResourceNotFoundException'],
  readsAtOnce: 1,
  // The list lags by up to five minutes, so one that is named is described.
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html
  page: async (client, { token, named }, options): Promise<ListSecretsCommandOutput> => {
    const [one] = named ?? [];
    if (one === undefined) return client.send(new ListSecretsCommand({ MaxResults: 100, NextToken: token }), options);
    const told = await client.send(new DescribeSecretCommand({ SecretId: one.arn }), options);
    return { $metadata: told.$metadata, SecretList: [told] };
  },
  next: ({ NextToken }) => NextToken,
  items: ({ SecretList }) => SecretList,
  resource: (each, _place, must) =>
    // It waits to be deleted, and can neither be read nor tagged.
    each.DeletedDate !== undefined
      ? null
      : {
          arn: must('ARN', each.ARN),
          id: must('name', each.Name),
          createdAt: each.CreatedDate,
          // The list is left out where a secret has no tags.
          tags: each.Tags ?? [],
        },
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ SecretId: arn, Tags: toList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ SecretId: arn, TagKeys: [...keys] }), options),
});
