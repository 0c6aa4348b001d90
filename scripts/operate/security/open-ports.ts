/** Security groups that let the whole world in elsewhere than at a web server's ports. */
import { EC2Client, type IpPermission, paginateDescribeSecurityGroups, type SecurityGroup } from '@aws-sdk/client-ec2';
import { broken, type Check, type Judgement, ok } from '../health/check.ts';

const world = ['0.0.0.0/0', '::/0'];
const webPorts = [80, 443];

const fromAnywhere = ({ IpRanges = [], Ipv6Ranges = [] }: IpPermission): boolean =>
  [...IpRanges.map(({ CidrIp }) => CidrIp), ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6)].some(
    (range) => range !== undefined && world.includes(range),
  );

/** Undefined: a web server's port alone. */
const openedBy = ({ IpProtocol = '-1', FromPort, ToPort }: IpPermission): string | undefined => {
  if (IpProtocol === '-1') return 'every port of every protocol';
  const [from, to] = [FromPort ?? 0, ToPort ?? 65_535];
  if (IpProtocol === 'tcp' && from === to && webPorts.includes(from)) return undefined;
  return `${IpProtocol} ${from === to ? from : `${from} to ${to}`}`;
};

export const judgeSecurityGroup = ({ GroupId = '', GroupName = '', IpPermissions = [] }: SecurityGroup): Judgement => {
  const subject = `${GroupId} ${GroupName}`;
  const opened = IpPermissions.filter(fromAnywhere).flatMap((rule) => openedBy(rule) ?? []);
  return opened.length === 0
    ? ok(subject, 'lets the world in at 80 and 443 at most')
    : broken(subject, `lets everybody in at ${opened.join(', ')}: allow named sources only`);
};

export const openPorts: Check = {
  name: 'open ports',
  applies: () => true,
  look: async ({ client }) => {
    const judged: Judgement[] = [];
    for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client: client(EC2Client) }, {}))
      judged.push(...SecurityGroups.map(judgeSecurityGroup));
    const open = judged.filter(({ verdict }) => verdict !== 'ok');
    return [...open, ok('security groups', `${judged.length - open.length} of ${judged.length} are well`)];
  },
};
