import {
  ChangeTagsForResourceCommand,
  ListHostedZonesCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-route-53';
import type { Arn } from '../../estate/arn.ts';
import { route53Api } from '../apis/route53.ts';
import { toList } from './driver.ts';
import { pagedType } from './paged.ts';

const named = ({ id }: Arn) => ({ ResourceType: 'hostedzone', ResourceId: id }) as const;

export const hostedZone = pagedType({
  type: 'route53:hostedzone',
  api: route53Api,
  noun: ['hosted zone', 'hosted zones'],
  taggingFilter: 'route53:hostedzone',
  missing: ['NoSuchHostedZone'],
  page: (client, Marker, options) => client.send(new ListHostedZonesCommand({ MaxItems: 100, Marker }), options),
  next: ({ IsTruncated, NextMarker }) => (IsTruncated ? NextMarker : undefined),
  items: ({ HostedZones }) => HostedZones,
  resource: ({ Id }, { partition }, must) => {
    // /hostedzone/<id>
    const id = must('id', Id).split('/').at(-1) ?? '';
    return { arn: `arn:${partition}:route53:::hostedzone/${id}`, id };
  },
  tags: async (client, arn, options) =>
    (await client.send(new ListTagsForResourceCommand(named(arn)), options)).ResourceTagSet?.Tags,
  set: (client, arn, tags, options) =>
    client.send(new ChangeTagsForResourceCommand({ ...named(arn), AddTags: toList(tags) }), options),
  remove: (client, arn, keys, options) =>
    client.send(new ChangeTagsForResourceCommand({ ...named(arn), RemoveTagKeys: [...keys] }), options),
});
