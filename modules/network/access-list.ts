/** A network ACL: what may cross the border of a tier, whatever the security groups say. It keeps no state. */
import { NetworkAcl } from '@cdktf/provider-aws/lib/network-acl/index.js';
import { Construct } from 'constructs';

/** TCP ports `from` to `to`, or one kind of ICMP message. */
export type AccessRule = { readonly action: 'allow' | 'deny'; readonly cidr: string } & (
  | { readonly from: number; readonly to: number }
  | { readonly icmpType: number; readonly icmpCode: number }
);

export interface AccessListProps {
  readonly vpcId: string;
  readonly name: string;
  readonly subnetIds: readonly string[];
  /** In the order in which they are tried; what none allows is denied. */
  readonly ingress: readonly AccessRule[];
  readonly egress: readonly AccessRule[];
}

const entry = (rule: AccessRule, index: number) => ({
  ruleNo: (index + 1) * 10,
  action: rule.action,
  cidrBlock: rule.cidr,
  ...('from' in rule
    ? { protocol: 'tcp', fromPort: rule.from, toPort: rule.to }
    : { protocol: 'icmp', fromPort: 0, toPort: 0, icmpType: rule.icmpType, icmpCode: rule.icmpCode }),
});

export class AccessList extends Construct {
  constructor(scope: Construct, id: string, { vpcId, name, subnetIds, ingress, egress }: AccessListProps) {
    super(scope, id);
    // Rules inline: as resources of their own, two that trade numbers could not be applied.
    new NetworkAcl(this, 'acl', {
      vpcId,
      subnetIds: [...subnetIds],
      ingress: ingress.map(entry),
      egress: egress.map(entry),
      tags: { Name: name },
    });
  }
}
