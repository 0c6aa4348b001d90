/** One target group a colour. They outlive the load balancer, which may be gone between weekends. */
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group/index.js';
import { Construct } from 'constructs';

export interface HealthCheck {
  readonly path: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Checks in a row that make a target healthy. */
  readonly healthy: number;
  /** Failed checks in a row that make it unhealthy. */
  readonly unhealthy: number;
}

export interface TargetGroupsProps {
  readonly vpcId: string;
  /** ip for tasks on Fargate, instance for an instance group. */
  readonly targetType: 'ip' | 'instance';
  readonly colours: readonly { readonly colour: string; readonly port: number }[];
  /**
   * Whole name of the only target group. Another port, protocol or VPC then needs another name too, because the new
   * group comes up beside the old one. Default: AWS completes `blue-` and `green-`. Never given to one of two colours.
   */
  readonly name?: string | undefined;
  readonly healthCheck: HealthCheck;
  readonly deregistrationDelaySeconds: number;
  /** A client keeps its target, by a cookie. */
  readonly sticky: boolean;
}

export interface TargetGroup {
  readonly arn: string;
  /** As CloudWatch knows it. */
  readonly arnSuffix: string;
  readonly port: number;
}

export class TargetGroups extends Construct {
  readonly byColour: Readonly<Record<string, TargetGroup>>;

  constructor(scope: Construct, id: string, props: TargetGroupsProps) {
    super(scope, id);
    const made = props.colours.map(({ colour, port }) => [colour, this.#add(colour, port, props)] as const);
    this.byColour = Object.fromEntries(made);
  }

  #add(colour: string, port: number, props: TargetGroupsProps): TargetGroup {
    const { vpcId, targetType, colours, name, healthCheck, deregistrationDelaySeconds, sticky } = props;
    const fixed = colours.length === 1 ? name : undefined;
    const group = new LbTargetGroup(this, colour, {
      // The provider allows a prefix of six characters.
      ...(fixed === undefined ? { namePrefix: `${colour}-`.slice(0, 6) } : { name: fixed }),
      vpcId,
      targetType,
      protocol: 'HTTP',
      port,
      // Streams last: the target with the fewest open requests gets the next.
      loadBalancingAlgorithmType: 'least_outstanding_requests',
      deregistrationDelay: String(deregistrationDelaySeconds),
      healthCheck: {
        path: healthCheck.path,
        protocol: 'HTTP',
        matcher: '200',
        interval: healthCheck.intervalSeconds,
        timeout: healthCheck.timeoutSeconds,
        healthyThreshold: healthCheck.healthy,
        unhealthyThreshold: healthCheck.unhealthy,
      },
      stickiness: { type: 'lb_cookie', enabled: sticky },
    });
    group.overrideLogicalId(`target_group_${colour}`);
    return { arn: group.arn, arnSuffix: group.arnSuffix, port };
  }
}
