/** EC2's types besides instances: disks, addresses and networks. All tell their tags with the resource. */
import { CreateTagsCommand, DeleteTagsCommand, DescribeVolumesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { ec2Api } from '../apis/ec2.ts';
import type { Place } from '../place.ts';
import { describedType } from './described.ts';
import { toList } from './driver.ts';
import type { TypeFacts } from './form.ts';

const PAGE = 500;
/** Values one filter takes. */
const FILTER_VALUES = 200;

const ofEc2: Pick<TypeFacts<EC2Client>, 'set' | 'remove'> = {
  set: (client, { id }, tags, options) =>
    client.send(new CreateTagsCommand({ Resources: [id], Tags: toList(tags) }), options),
  remove: (client, { id }, keys, options) =>
    client.send(new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) }), options),
};

const arnOf = ({ partition, region, accountId }: Place, kind: string, id: string): string =>
  `arn:${partition}:ec2:${region}:${accountId}:${kind}/${id}`;

export const ec2Volume = describedType({
  type: 'ec2:volume',
  api: ec2Api,
  noun: ['volume', 'volumes'],
  readsAtOnce: FILTER_VALUES,
  page: (client, { token, named }, options) =>
    client.send(
      new DescribeVolumesCommand({
        // A filter answers for the ids that exist; naming them as VolumeIds fails for all when one does not.
        ...(named === undefined
          ? { MaxResults: PAGE }
          : { Filters: [{ Name: 'volume-id', Values: named.map(({ id }) => id) }] }),
        NextToken: token,
      }),
      options,
    ),
  next: ({ NextToken }) => NextToken,
  items: ({ Volumes }) => Volumes,
  resource: (volume, place, must) => {
    const id = must('id', volume.VolumeId);
    return {
      arn: arnOf(place, 'volume', id),
      id,
      state: must('state', volume.State),
      createdAt: volume.CreateTime,
      // EC2 leaves the list out where a resource has no tags.
      tags: volume.Tags ?? [],
    };
  },
  ...ofEc2,
});
