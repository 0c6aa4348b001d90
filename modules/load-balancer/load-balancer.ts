/** An application load balancer before one or two colours of the same service. */
import { Lb } from '@cdktf/provider-aws/lib/lb/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Listeners, type ListenersProps } from './listeners.ts';
import { type TargetGroup, TargetGroups, type TargetGroupsProps } from './target-groups.ts';

export interface LoadBalancerProps
  extends Omit<TargetGroupsProps, 'name'>,
    Omit<ListenersProps, 'loadBalancerArn' | 'targetGroups' | 'redirectHttp'> {
  /** At most 32 letters, digits and hyphens. */
  readonly name: string;
  /** Whole name of a single target group, see `TargetGroupsProps.name`. */
  readonly targetGroupName?: string | undefined;
  /** Public ones, or private ones with `internal`; two zones at least. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Without public address. */
  readonly internal: boolean;
  /** Time after which an idle connection is closed, longer than the heartbeat of a stream. */
  readonly idleTimeoutSeconds: number;
  /** Bucket for access and connection logs, which lets the load balancer write. Default: no logs. */
  readonly logsBucket?: string | undefined;
  readonly deletionProtection: boolean;
  /** false: only the target groups are there. Default: true. */
  readonly enabled?: boolean;
}

export interface Balancer {
  readonly arn: string;
  /** As CloudWatch knows it. */
  readonly arnSuffix: string;
  readonly dnsName: string;
  /** Hosted zone of `dnsName`, for alias records. */
  readonly zoneId: string;
}

export class LoadBalancer extends Construct {
  readonly targetGroups: Readonly<Record<string, TargetGroup>>;
  readonly loadBalancer?: Balancer;
  readonly listenerArn?: string;
  /** What must be there before a service can register its targets. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { targetGroupName: name, enabled = true, internal, certificateArn, originVerify } = props;
    this.targetGroups = new TargetGroups(this, 'target-groups', { ...props, name }).byColour;
    this.ready = [];
    if (!enabled) return;
    this.loadBalancer = this.#balancer(props);
    const listeners = new Listeners(this, 'listeners', {
      ...props,
      loadBalancerArn: this.loadBalancer.arn,
      // API Gateway and CloudFront come on 443 and nobody else comes at all.
      redirectHttp: certificateArn !== undefined && !internal && originVerify === undefined,
      targetGroups: Object.fromEntries(Object.entries(this.targetGroups).map(([colour, { arn }]) => [colour, arn])),
    });
    this.listenerArn = listeners.arn;
    this.ready = listeners.rules;
  }

  #balancer(props: LoadBalancerProps): Balancer {
    const { name, internal, subnetIds, securityGroupIds, idleTimeoutSeconds, logsBucket, deletionProtection } = props;
    const logs = (prefix: string) => ({ bucket: logsBucket ?? '', prefix, enabled: true });
    const { arn, arnSuffix, dnsName, zoneId } = new Lb(this, 'load-balancer', {
      name,
      loadBalancerType: 'application',
      internal,
      subnets: [...subnetIds],
      securityGroups: [...securityGroupIds],
      idleTimeout: idleTimeoutSeconds,
      desyncMitigationMode: 'defensive',
      dropInvalidHeaderFields: true,
      enableDeletionProtection: deletionProtection,
      ...(logsBucket !== undefined && { accessLogs: logs('alb/access'), connectionLogs: logs('alb/connections') }),
    });
    return { arn, arnSuffix, dnsName, zoneId };
  }
}
