/** EC2's other types: disks, addresses and networks. */
import { declareTypes } from './type.ts';

const write = (...arns: readonly string[]) => ({ set: { 'ec2:CreateTags': arns }, remove: { 'ec2:DeleteTags': arns } });
const own = (kind: string): string => `arn:aws:ec2:*:{account}:${kind}/*`;

export const networkTypes = declareTypes({
  'ec2:volume': {
    label: 'EBS volume',
    list: { 'ec2:DescribeVolumes': 'everywhere' },
    ...write(own('volume')),
  },
  'ec2:snapshot': {
    label: 'EBS snapshot of the account’s own',
    list: { 'ec2:DescribeSnapshots': 'everywhere' },
    // IAM names snapshots without an account: Service Authorization Reference, Amazon EC2.
    ...write('arn:aws:ec2:*::snapshot/*', own('snapshot')),
  },
  'ec2:elastic-ip': {
    label: 'Elastic IP address',
    list: { 'ec2:DescribeAddresses': 'everywhere' },
    ...write(own('elastic-ip')),
  },
  'ec2:natgateway': {
    label: 'NAT gateway',
    list: { 'ec2:DescribeNatGateways': 'everywhere' },
    ...write(own('natgateway')),
  },
  'ec2:vpc': {
    label: 'VPC',
    list: { 'ec2:DescribeVpcs': 'everywhere' },
    ...write(own('vpc')),
  },
  'ec2:subnet': {
    label: 'Subnet',
    list: { 'ec2:DescribeSubnets': 'everywhere' },
    ...write(own('subnet')),
  },
  'ec2:security-group': {
    label: 'Security group',
    list: { 'ec2:DescribeSecurityGroups': 'everywhere' },
    ...write(own('security-group')),
  },
});
