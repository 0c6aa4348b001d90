/** The distribution with its web ACL, log and record. */
import { TerraformResource } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { gatewayHeaders } from '../../contracts/gateway.ts';
import { routes } from '../../contracts/routes.ts';
import { AliasRecord } from '../domain/alias-record.ts';
import { AccessLog } from '../edge/access-log.ts';
import { Edge, type EdgeOrigins } from '../edge/edge.ts';
import type { Balancer } from '../load-balancer/load-balancer.ts';
import { WebAcl } from '../web-acl/web-acl.ts';
import type { Deployment } from './deployment.ts';
import { edgeRegion } from './domain.ts';
import { hostsOf } from './hosts.ts';
import { originVerification, previewSecret, webAclProps } from './ingress.ts';
import type { DomainOutputs, NamedArn, StorageOutputs } from './outputs.ts';
import { providerIn } from './provider.ts';

export interface EdgeFrontProps {
  readonly deployment: Deployment;
  readonly storage: StorageOutputs;
  readonly domain: DomainOutputs;
  readonly loadBalancer?: Balancer | undefined;
  /** Host CloudFront reaches the HTTP API at: `api_domain_name`, or without domain names the one AWS gave. */
  readonly api?: { readonly host: string } | undefined;
  /** Parts that check the origin's secret. They accept a new one before it is sent. */
  readonly checking: readonly IConstruct[];
}

/** For shapes with a distribution, in the primary region. */
export class EdgeFront extends Construct {
  readonly distribution: { readonly id: string; readonly domainName: string };
  readonly webAcl?: NamedArn;

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

  #webAcl(deployment: Deployment, { keys }: StorageOutputs): NamedArn {
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

  #edge({ deployment, domain, loadBalancer, api, checking }: EdgeFrontProps): Edge {
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
      after: checksIn(checking),
    });
  }
}

const facadePaths = Object.values(routes)
  .filter(({ facade }) => facade)
  .map(({ path }) => path);

const checks = new Set(['aws_lb_listener_rule', 'aws_lambda_function', 'aws_lambda_alias']);

const checksIn = (parts: readonly IConstruct[]): TerraformResource[] =>
  parts
    .flatMap((part) => part.node.findAll())
    .filter((node) => node instanceof TerraformResource)
    .filter(({ terraformResourceType }) => checks.has(terraformResourceType));

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
