/**
 * How requests come in, in two parts with the HTTP API between them: the load balancer that an API's VPC link needs, and
 * the edge that needs the names of both.
 */
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { clientAddressHeader, gatewayHeaders } from '../../contracts/gateway.ts';
import { previewHeader } from '../../contracts/preview.ts';
import { routes } from '../../contracts/routes.ts';
import { AliasRecord, type Latency } from '../domain/alias-record.ts';
import { AccessLog } from '../edge/access-log.ts';
import { Edge, type EdgeOrigins } from '../edge/edge.ts';
import { type Balancer, LoadBalancer } from '../load-balancer/load-balancer.ts';
import type { TargetGroup } from '../load-balancer/target-groups.ts';
import { HeaderSecret } from '../secrets/header-secret.ts';
import { WebAcl, type WebAclProps } from '../web-acl/web-acl.ts';
import type { Deployment } from './deployment.ts';
import { edgeRegion } from './domain.ts';
import { hostsOf, verifiesOrigin } from './hosts.ts';
import type { DomainOutputs, Named, NetworkOutputs, StorageOutputs } from './outputs.ts';
import { providerIn } from './provider.ts';

const previews = ({ settings, shape }: Deployment): boolean => shape.colours.length > 1 && settings.preview_header;

/** What requests must carry to pass for CloudFront's, where that is asked; the load balancer and the HTTP API check it. */
export const originVerification = (scope: Construct, deployment: Deployment): HeaderSecret | undefined =>
  verifiesOrigin(deployment) ? HeaderSecret.of(scope, 'origin_verify_values') : undefined;

const previewSecret = (scope: Construct, deployment: Deployment): HeaderSecret | undefined =>
  previews(deployment) ? HeaderSecret.of(scope, 'preview_values') : undefined;

/** One of several regions' answers to a name, where the environment has several. */
export const latencyOf = (
  { settings, region }: Deployment,
  healthCheck?: Latency['healthCheck'],
): Latency | undefined => (settings.latency_routing ? { region, healthCheck } : undefined);

/** The web ACL's props that follow from the settings. */
const webAclProps = ({ settings }: Deployment) =>
  ({
    level: settings.waf === 'full' ? 'full' : 'basic',
    ratePerMinute: settings.waf_rate_per_minute,
    toolRatePerMinute: settings.waf_tool_rate_per_minute,
    toolPath: routes.mcp.path,
    countries: settings.waf_allowed_countries,
    officeCidrs: settings.waf_allowed_cidrs,
    maxBodyBytes: settings.waf_max_body_bytes,
    maxHeaderBytes: settings.waf_max_header_bytes,
    secretHeaders: [previewHeader, ...(settings.api_key_required ? [settings.api_key_header] : [])],
    logRetentionDays: settings.log_retention_days,
  }) satisfies Partial<WebAclProps>;

export interface LoadBalancingProps {
  readonly deployment: Deployment;
  readonly network: NetworkOutputs;
  readonly storage: StorageOutputs;
  readonly domain: DomainOutputs;
}

/** The load balancer with its target groups, web ACL and record. For shapes with target groups. */
export class LoadBalancing extends Construct {
  readonly targetGroups: Readonly<Record<string, TargetGroup>>;
  /** Absent while `alb_enabled` is false. */
  readonly loadBalancer?: Balancer;
  readonly listenerArn?: string;
  /** What must be there before a service can register its targets. */
  readonly ready: readonly ITerraformDependable[];
  readonly webAcl?: Named;

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

  #webAcl(deployment: Deployment, storage: StorageOutputs, { arn }: Balancer): Named {
    const { settings, names } = deployment;
    const { name, arn: aclArn } = new WebAcl(this, 'web-acl', {
      ...webAclProps(deployment),
      name: names.with('alb'),
      scope: 'REGIONAL',
      protects: arn,
      logKeyArn: storage.keys.logs,
      // Behind a VPC link every connection comes from API Gateway.
      addressHeader: settings.ingress_mode === 'api-gateway' ? clientAddressHeader : undefined,
      healthPath: settings.latency_routing ? settings.health_check_path : undefined,
    });
    return { name, arn: aclArn };
  }

  #record(deployment: Deployment, { zoneId }: DomainOutputs, target: Balancer): void {
    const { settings, shape } = deployment;
    const name = hostsOf(deployment).loadBalancer;
    if (name === undefined || zoneId === undefined) return;
    // Route 53 reaches no private address, and has no header that would open the listener.
    const reachable = !settings.alb_internal && !verifiesOrigin(deployment);
    const healthCheck = reachable ? { path: settings.health_check_path, tls: shape.tls } : undefined;
    new AliasRecord(this, 'record', { zoneId, name, target, latency: latencyOf(deployment, healthCheck) });
  }
}

export interface EdgeFrontProps {
  readonly deployment: Deployment;
  readonly storage: StorageOutputs;
  readonly domain: DomainOutputs;
  readonly loadBalancer?: Balancer | undefined;
  /** Host CloudFront reaches the HTTP API at: `api_domain_name`, or without domain names the one AWS gave. */
  readonly api?: { readonly host: string } | undefined;
  /** The load balancer's rules, which must accept a new secret before it is sent: `LoadBalancing.ready`. */
  readonly ready?: readonly ITerraformDependable[] | undefined;
}

/** The distribution with its web ACL, log and record. For shapes with a distribution, in the primary region. */
export class EdgeFront extends Construct {
  readonly distribution: { readonly id: string; readonly domainName: string };
  readonly webAcl?: Named;

  constructor(scope: Construct, id: string, props: EdgeFrontProps) {
    super(scope, id);
    const { deployment, storage, domain } = props;
    if (deployment.shape.waf === 'distribution') this.webAcl = this.#webAcl(deployment, storage);
    const edge = this.#edge(props);
    this.distribution = { id: edge.distributionId, domainName: edge.domainName };
    const logs = storage.buckets.logs;
    if (logs !== undefined)
      new AccessLog(this, 'access-log', {
        name: deployment.names.with('edge'),
        // Not the resource's own, which the emulator writes in a way the provider cannot read.
        distributionArn: `arn:aws:cloudfront::${deployment.settings.account_id}:distribution/${edge.distributionId}`,
        bucketArn: logs.arn,
        provider: providerIn(this, deployment, edgeRegion),
      });
    const name = hostsOf(deployment).distribution;
    if (name !== undefined && domain.zoneId !== undefined)
      new AliasRecord(this, 'record', {
        zoneId: domain.zoneId,
        name,
        target: { dnsName: edge.domainName, zoneId: edge.zoneId },
        evaluateTargetHealth: false,
        ipv6: true,
      });
  }

  #webAcl(deployment: Deployment, { keys }: StorageOutputs): Named {
    const { name, arn } = new WebAcl(this, 'web-acl', {
      ...webAclProps(deployment),
      name: deployment.names.with('edge'),
      scope: 'CLOUDFRONT',
      // A key of another region is of no use there.
      logKeyArn: deployment.region === edgeRegion ? keys.logs : undefined,
      provider: providerIn(this, deployment, edgeRegion),
    });
    return { name, arn };
  }

  #edge({ deployment, domain, loadBalancer, api, ready }: EdgeFrontProps): Edge {
    const { settings, shape, names, target } = deployment;
    const { domain_name: name, container } = settings;
    const emulated = target.kind === 'emulator';
    const certificateArn = domain.edgeCertificateArn;
    return new Edge(this, 'edge', {
      name: names.of('distribution'),
      domain: name === undefined || certificateArn === undefined ? undefined : { name, certificateArn },
      origins: { loadBalancer: balancerOrigin(deployment, loadBalancer), api: api && { domainName: api.host } },
      apiPaths: shape.httpApi ? facadePaths : [],
      httpsOnlyPaths: [routes.mcp.path],
      // Only of our own container is it known that files of that name are for everyone.
      cachedPaths: container === 'countersign' ? ['/assets/*'] : [],
      originVerify: originVerification(this, deployment)?.sent,
      // The emulator has no such functions.
      viewerRequest: emulated
        ? undefined
        : { stripped: gatewayHeaders, previewHashes: previewSecret(this, deployment)?.hashes },
      webAclArn: this.webAcl?.arn,
      after: ready,
    });
  }
}

const facadePaths = Object.values(routes)
  .filter(({ facade }) => facade)
  .map(({ path }) => path);

const balancerOrigin = (deployment: Deployment, balancer: Balancer | undefined): EdgeOrigins['loadBalancer'] => {
  if (balancer === undefined) return undefined;
  const { settings, shape, target } = deployment;
  return {
    domainName: hostsOf(deployment).loadBalancer ?? balancer.dnsName,
    tls: shape.tls,
    // The emulator has no VPC origins.
    privateArn: settings.alb_internal && target.kind !== 'emulator' ? balancer.arn : undefined,
  };
};
