import { CreateTagsCommand, DeleteTagsCommand, DescribeInstancesCommand, type Instance } from '@aws-sdk/client-ec2';
import type { Resource } from '../../estate/estate.ts';
import { ec2Api } from '../apis/ec2.ts';
import { member } from '../failure.ts';
import { type Place, pages } from '../place.ts';
import { iso, type TypeDriver, tagsFrom, toList } from './driver.ts';

const PAGE = 1000;
/** Values one filter takes. */
const FILTER_VALUES = 200;

/** LaunchTime is the last start; a disk or network card that was attached earlier tells the true age. */
const createdAt = (instance: Instance): string | null => {
  const times = [
    instance.LaunchTime,
    ...(instance.BlockDeviceMappings ?? []).map((each) => each.Ebs?.AttachTime),
    ...(instance.NetworkInterfaces ?? []).map((each) => each.Attachment?.AttachTime),
  ].filter((time) => time !== undefined);
  return iso(times.sort((a, b) => a.getTime() - b.getTime())[0]);
};

const resourceOf = (instance: Instance, { partition, region, accountId }: Place): Resource => {
  const id = member('ec2', 'the id of an instance', instance.InstanceId);
  return {
    arn: `arn:${partition}:ec2:${region}:${accountId}:instance/${id}`,
    type: 'ec2:instance',
    accountId,
    region,
    id,
    // EC2 leaves the list out where an instance has no tags.
    tags: tagsFrom('ec2', instance.Tags ?? []),
    state: member('ec2', 'the state of an instance', instance.State?.Name),
    createdAt: createdAt(instance),
  };
};

const describe = async (place: Place, ids?: readonly string[]): Promise<Resource[]> => {
  const found: Resource[] = [];
  const filter = ids === undefined ? { MaxResults: PAGE } : { Filters: [{ Name: 'instance-id', Values: [...ids] }] };
  const answers = pages(
    (NextToken) =>
      place.send(ec2Api, (client, options) =>
        client.send(new DescribeInstancesCommand({ ...filter, NextToken }), options),
      ),
    (answer) => answer.NextToken,
  );
  for await (const { Reservations } of answers)
    for (const { Instances } of member('ec2', 'Reservations', Reservations))
      for (const instance of member('ec2', 'Instances', Instances)) found.push(resourceOf(instance, place));
  return found;
};

export const ec2Instance: TypeDriver = {
  type: 'ec2:instance',
  service: 'ec2',
  readsAtOnce: FILTER_VALUES,
  list: async (place) => ({ resources: await describe(place) }),
  // A filter answers for the ids that exist; naming them as InstanceIds fails for all when one does not.
  read: (place, arns) =>
    describe(
      place,
      arns.map((arn) => arn.id),
    ),
  tag: async (place, { id }, tags) => {
    await place.send(ec2Api, (client, options) =>
      client.send(new CreateTagsCommand({ Resources: [id], Tags: toList(tags) }), options),
    );
  },
  untag: async (place, { id }, keys) => {
    await place.send(ec2Api, (client, options) =>
      client.send(new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) }), options),
    );
  },
};
