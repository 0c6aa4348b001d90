import { synthesized } from '../testing/synthesized.ts';
import { AccessList } from './access-list.ts';

it('numbers its rules in the order in which they are given', () => {
  const list = synthesized(
    (stack) =>
      new AccessList(stack, 'list', {
        vpcId: 'vpc-1',
        name: 'app-private',
        subnetIds: ['subnet-a'],
        ingress: [
          { action: 'deny', cidr: '0.0.0.0/0', from: 22, to: 22 },
          { action: 'allow', cidr: '0.0.0.0/0', icmpType: 3, icmpCode: 4 },
        ],
        egress: [{ action: 'allow', cidr: '10.0.0.0/16', from: 1024, to: 65_535 }],
      }),
  ).one('aws_network_acl');
  expect(list.subnet_ids).toEqual(['subnet-a']);
  expect(list.ingress).toMatchObject([
    { rule_no: 10, action: 'deny', protocol: 'tcp', from_port: 22, to_port: 22 },
    { rule_no: 20, action: 'allow', protocol: 'icmp', icmp_type: 3, icmp_code: 4 },
  ]);
  expect(list.egress).toMatchObject([
    { rule_no: 10, cidr_block: '10.0.0.0/16', protocol: 'tcp', from_port: 1024, to_port: 65_535 },
  ]);
});
