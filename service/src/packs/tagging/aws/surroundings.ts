/** Where an instance runs: its VPC's name and its role, as EC2 tells them. */
import { DescribeInstancesCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import type { Resource, Surroundings } from '../estate/estate.ts';
import { ec2Api } from './apis/ec2.ts';
import type { Place } from './place.ts';

/** A filter answers for what exists; an id that is gone would fail the call. */
const byId = (name: string, id: string) => ({ Filters: [{ Name: name, Values: [id] }] });

const vpcNameOf = async (place: Place, vpcId: string): Promise<string | undefined> => {
  const { Vpcs } = await place.send(ec2Api, (client, options) =>
    client.send(new DescribeVpcsCommand(byId('vpc-id', vpcId)), options),
  );
  return Vpcs?.[0]?.Tags?.find((tag) => tag.Key === 'Name')?.Value;
};

export const surroundingsOf = async (place: Place, { type, id }: Resource): Promise<Surroundings> => {
  if (type !== 'ec2:instance') return {};
  const { Reservations } = await place.send(ec2Api, (client, options) =>
    client.send(new DescribeInstancesCommand(byId('instance-id', id)), options),
  );
  const instance = Reservations?.[0]?.Instances?.[0];
  return {
    vpcName: instance?.VpcId === undefined ? undefined : await vpcNameOf(place, instance.VpcId),
    // The profile, which is called as its role unless somebody chose another name.
    roleName: instance?.IamInstanceProfile?.Arn?.split('/').at(-1),
  };
};
