/** The old server: found by the address that the name has when the move begins, and taken down last. */
import {
  DescribeInstancesCommand,
  EC2Client,
  type Instance,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { unlessMissing } from '../operated.ts';

export interface OldServer {
  readonly id: string;
  readonly state: string;
  /** Of its tag Name; empty where it has none. */
  readonly name: string;
}

const serverOf = ({ InstanceId = '', State, Tags = [] }: Instance): OldServer => ({
  id: InstanceId,
  state: State?.Name ?? 'unknown',
  name: Tags.find(({ Key }) => Key === 'Name')?.Value ?? '',
});

/** Ids of the instances in the region that have one of these public addresses. One that is stopped has none any more. */
export const serversAt = async (region: string, addresses: readonly string[]): Promise<string[]> => {
  const Filters = [{ Name: 'ip-address', Values: [...addresses] }];
  const { Reservations = [] } = await new EC2Client({ region }).send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId));
};

/** Those that are still there. */
export const oldServers = async (region: string, ids: readonly string[]): Promise<OldServer[]> => {
  if (ids.length === 0) return [];
  const command = new DescribeInstancesCommand({ InstanceIds: [...ids] });
  const told = await unlessMissing(new EC2Client({ region }).send(command), 'InvalidInstanceID.NotFound');
  return (told?.Reservations ?? [])
    .flatMap(({ Instances = [] }) => Instances)
    .map(serverOf)
    .filter(({ state }) => state !== 'terminated');
};

export const takings = ['keep', 'stop', 'terminate'] as const;
export type Taking = (typeof takings)[number];

export const takeDown = async (region: string, servers: readonly OldServer[], taking: Taking): Promise<void> => {
  if (taking === 'keep' || servers.length === 0) return;
  const client = new EC2Client({ region });
  const InstanceIds = servers.map(({ id }) => id);
  if (taking === 'stop') await client.send(new StopInstancesCommand({ InstanceIds }));
  else await client.send(new TerminateInstancesCommand({ InstanceIds }));
};
