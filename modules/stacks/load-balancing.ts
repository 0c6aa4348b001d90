/** The load balancer with its target groups, web ACL and record. */
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { clientAddressHeader } from '../../contracts/gateway.ts';
import { AliasRecord } from '../domain/alias-record.ts';
import { type Balancer, LoadBalancer } from '../load-balancer/load-balancer.ts';
import type { TargetGroup } from '../load-balancer/target-groups.ts';
import { WebAcl } from '../web-acl/web-acl.ts';
import type { Deployment } from './deployment.ts';
import { hostsOf, verifiesOrigin } from './hosts.ts';
import { ofRegions, originVerification, previewSecret, webAclProps } from './ingress.ts';
import type { DomainOutputs, NamedArn, NetworkOutputs, StorageOutputs } from './outputs.ts';

export interface LoadBalancingProps {
  readonly deployment: Deployment;
  readonly network: NetworkOutputs;
  readonly storage: StorageOutputs;
  readonly domain: DomainOutputs;
}

/** For shapes with target groups. */
export class LoadBalancing extends Construct {
  readonly targetGroups: Readonly<Record<string, TargetGroup>>;
  /** Absent while `alb_enabled` is false. */
  readonly loadBalancer?: Balancer;
  readonly listenerArn?: string;
  /** What must be there before a service can register its targets. */
  readonly ready: readonly ITerraformDependable[];
  readonly webAcl?: NamedArn;

  constructor(scope: Construct, id: string, props: LoadBalancingProps) {
    super(scope, id);
    const { deployment, storage, domain } = props;
    const made = this.#loadBalancer(props);
    this.targetGroups = made.targetGroups;
    this.ready = made.ready;
    if (made.loadBalancer === undefined) return;
    this.loadBalancer = made.loadBalancer;
    this.listenerArn = made.listenerArn;
    if (deployment.shape.waf === 'load-balancer') this.webAcl = this.#webAcl(deployment, storage, made.loadBalancer);
    this.#record(deployment, domain, made.loadBalancer);
  }

  #loadBalancer({ deployment, network, storage, domain }: LoadBalancingProps): LoadBalancer {
    const { settings, shape, names } = deployment;
    const subnets = settings.alb_internal ? network.privateSubnets : network.publicSubnets;
    const ports = { blue: settings.port_blue, green: settings.port_green };
    return new LoadBalancer(this, 'load-balancer', {
      name: names.of('load-balancer'),
      targetGroupName: settings.names['target-group'],
      enabled: shape.loadBalancer,
      vpcId: network.vpcId,
      subnetIds: Object.values(subnets),
      securityGroupIds: Object.values({ group: network.securityGroups.loadBalancer }).filter(
        (group) => group !== undefined,
      ),
      internal: settings.alb_internal,
      certificateArn: domain.certificateArn,
      sslPolicy: settings.alb_ssl_policy,
      targetType: settings.compute_mode === 'ec2' ? 'instance' : 'ip',
      colours: shape.colours.map((colour) => ({ colour, port: ports[colour] })),
      activeColour: settings.active_colour,
      healthCheck: {
        path: settings.health_check_path,
        intervalSeconds: settings.health_check_interval_seconds,
        timeoutSeconds: settings.health_check_timeout_seconds,
        healthy: settings.health_check_healthy,
        unhealthy: settings.health_check_unhealthy,
      },
      deregistrationDelaySeconds: settings.deregistration_delay_seconds,
      sticky: settings.stickiness,
      idleTimeoutSeconds: settings.alb_idle_timeout_seconds,
      logsBucket: settings.alb_logs ? storage.buckets.logs?.name : undefined,
      // A scheduled apply removes it between weekends.
      deletionProtection: settings.deletion_protection && !settings.destroy_albs_when_scaled_down,
      preview: previewSecret(this, deployment)?.accepted,
      originVerify: originVerification(this, deployment)?.accepted,
    });
  }

  #webAcl(deployment: Deployment, storage: StorageOutputs, { arn }: Balancer): NamedArn {
    const { settings, shape, names } = deployment;
    const { name, arn: aclArn } = new WebAcl(this, 'web-acl', {
      ...webAclProps(deployment),
      name: names.with('alb'),
      scope: 'REGIONAL',
      protects: arn,
      logKeyArn: storage.keys.logs,
      // Behind a VPC link every connection comes from API Gateway.
      addressHeader: settings.ingress_mode === 'api-gateway' ? clientAddressHeader : undefined,
      healthPath: shape.oneOfRegions ? settings.health_check_path : undefined,
    });
    return { name, arn: aclArn };
  }

  #record(deployment: Deployment, { zoneId }: DomainOutputs, target: Balancer): void {
    const { settings, shape } = deployment;
    const name = hostsOf(deployment).loadBalancer;
    if (name === undefined || zoneId === undefined || settings.domain_record === 'move') return;
    // Route 53 reaches no private address, and has no header that would open the listener.
    const reachable = !settings.alb_internal && !verifiesOrigin(deployment);
    const healthCheck = reachable ? { path: settings.health_check_path, tls: shape.tls } : undefined;
    new AliasRecord(this, 'record', { zoneId, name, target, ofRegions: ofRegions(deployment, healthCheck) });
  }
}
