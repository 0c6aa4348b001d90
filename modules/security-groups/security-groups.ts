/** A security group for each part of the environment, and a rule at both ends of every flow between them. */
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js';
import { Construct } from 'constructs';
import { type Flow, flows, type GroupOwner, type Participants, type Peer, rolesIn } from './matrix.ts';

export interface SecurityGroupsProps extends Participants {
  readonly vpcId: string;
  readonly namePrefix: string;
}

/** Names and descriptions are part of a group's identity: changing one replaces the group. */
const groups: Readonly<Record<GroupOwner, { readonly name: string; readonly description: string }>> = {
  vpcLink: { name: 'vpc-link-sg', description: 'VPC link of the HTTP API' },
  loadBalancer: { name: 'alb-sg', description: 'Load balancer' },
  tasks: { name: 'tasks-sg', description: 'Containers or functions of the service' },
  endpoints: { name: 'endpoints-sg', description: 'Interface endpoints' },
  database: { name: 'database-sg', description: 'PostgreSQL' },
  cache: { name: 'cache-sg', description: 'Redis or Valkey' },
};

/** A peer in ids and descriptions: load-balancer. */
const nameOf = (peer: Peer): string =>
  typeof peer === 'string' ? peer.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) : peer.name;

export class SecurityGroups extends Construct {
  /** Ids by role; a role that nobody plays has none. */
  readonly ids: Readonly<Partial<Record<GroupOwner, string>>>;

  constructor(scope: Construct, id: string, props: SecurityGroupsProps) {
    super(scope, id);
    const all = flows(props);
    this.ids = Object.fromEntries(rolesIn(all).map((role) => [role, this.#group(role, props)]));
    for (const flow of all) this.#allow(flow);
  }

  #group(role: GroupOwner, { vpcId, namePrefix }: SecurityGroupsProps): string {
    const name = `${namePrefix}-${groups[role].name}`;
    const { description } = groups[role];
    const group = new SecurityGroup(this, nameOf(role), { vpcId, name, description, tags: { Name: name } });
    // Whatever stands in a group must leave it before it can go.
    group.overrideLogicalId(`security_group_${nameOf(role).replaceAll('-', '_')}`);
    return group.id;
  }

  #allow({ from, to, port, why }: Flow): void {
    const flow = `${nameOf(from)}-to-${nameOf(to)}-${port}`.replaceAll('/', '-');
    const ports = { ipProtocol: 'tcp', fromPort: port, toPort: port };
    const source = typeof from === 'string' ? this.ids[from] : undefined;
    if (source !== undefined)
      new VpcSecurityGroupEgressRule(this, `${flow}-out`, {
        securityGroupId: source,
        description: `${why}: to ${nameOf(to)}`,
        ...ports,
        ...this.#peer(to),
      });
    const destination = typeof to === 'string' ? this.ids[to] : undefined;
    if (destination !== undefined)
      new VpcSecurityGroupIngressRule(this, `${flow}-in`, {
        securityGroupId: destination,
        description: `${why}: from ${nameOf(from)}`,
        ...ports,
        ...this.#peer(from),
      });
  }

  #peer(peer: Peer) {
    if (typeof peer === 'string') return { referencedSecurityGroupId: this.ids[peer] };
    return 'cidr' in peer ? { cidrIpv4: peer.cidr } : { prefixListId: peer.prefixListId };
  }
}
