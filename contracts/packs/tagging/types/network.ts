/** EC2's other types: disks, addresses and networks. */
import { declareTypes } from './type.ts';

const volume = ['arn:aws:ec2:*:{account}:volume/*'];

export const networkTypes = declareTypes({
  'ec2:volume': {
    label: 'EBS volume',
    list: { 'ec2:DescribeVolumes': 'everywhere' },
    set: { 'ec2:CreateTags': volume },
    remove: { 'ec2:DeleteTags': volume },
  },
});
