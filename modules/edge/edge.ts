/** CloudFront before the load balancer, the HTTP API, or both. */
import {
  CloudfrontDistribution,
  type CloudfrontDistributionConfig,
  type CloudfrontDistributionOrigin,
} from '@cdktf/provider-aws/lib/cloudfront-distribution/index.js';
import { CloudfrontFunction } from '@cdktf/provider-aws/lib/cloudfront-function/index.js';
import { CloudfrontVpcOrigin } from '@cdktf/provider-aws/lib/cloudfront-vpc-origin/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { originVerifyHeader } from '../../contracts/gateway.ts';
import { cachedAt, dynamic, dynamicAt } from './behaviours.ts';
import { type ViewerRequestProps, viewerRequest } from './viewer-request.ts';

export interface EdgeOrigins {
  readonly loadBalancer?: {
    readonly domainName: string;
    /** Reached over https. */
    readonly tls: boolean;
    /** ARN of a private load balancer, which is reached through a VPC origin. Default: it is public. */
    readonly privateArn?: string | undefined;
  };
  readonly api?: { readonly domainName: string };
}

export interface EdgeProps {
  readonly name: string;
  /** Host name people type, with its certificate in us-east-1. Default: CloudFront's own. */
  readonly domain?: { readonly name: string; readonly certificateArn: string } | undefined;
  /** With both, `apiPaths` go to the API and everything else to the load balancer; else everything goes to the one. */
  readonly origins: EdgeOrigins;
  readonly apiPaths: readonly string[];
  /** Paths with credentials, which are refused over http rather than redirected. */
  readonly httpsOnlyPaths: readonly string[];
  /** Path patterns of files to keep at the edge. */
  readonly cachedPaths: readonly string[];
  /** Value of x-origin-verify. Default: not sent, behind a VPC origin nothing asks for it. */
  readonly originVerify?: string | undefined;
  /** What is taken out of requests. Default: nothing, no function is made. */
  readonly viewerRequest?: ViewerRequestProps | undefined;
  readonly webAclArn?: string | undefined;
  /** What must be done first: a new secret is accepted before it is sent. */
  readonly after?: readonly ITerraformDependable[];
  /** Price class. Default: all locations. */
  readonly priceClass?: 'PriceClass_100' | 'PriceClass_200' | 'PriceClass_All';
}

// The most CloudFront allows without a raised quota; the service's streams say something every 15 seconds.
const originSeconds = { originReadTimeout: 60, originKeepaliveTimeout: 60 };
const ports = { httpPort: 80, httpsPort: 443 };

type Behaviours = Pick<CloudfrontDistributionConfig, 'defaultCacheBehavior' | 'orderedCacheBehavior'>;

const behaviours = (props: EdgeProps, functionArn: string | undefined): Behaviours => {
  const { origins, apiPaths, httpsOnlyPaths, cachedPaths } = props;
  const main = origins.loadBalancer === undefined ? 'api' : 'load-balancer';
  const facade = origins.api === undefined ? main : 'api';
  return {
    defaultCacheBehavior: dynamic(main, functionArn),
    orderedCacheBehavior: [
      ...apiPaths.map((path) => dynamicAt(path, facade, functionArn)),
      ...httpsOnlyPaths.map((path) => dynamicAt(path, main, functionArn)),
      ...cachedPaths.map((path) => cachedAt(path, main, functionArn)),
    ],
  };
};

export class Edge extends Construct {
  readonly distributionId: string;
  readonly domainName: string;
  /** Hosted zone of `domainName`, for alias records. */
  readonly zoneId: string;

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id);
    const { name, domain, webAclArn, after = [], priceClass = 'PriceClass_All' } = props;
    const distribution = new CloudfrontDistribution(this, 'distribution', {
      comment: name,
      enabled: true,
      isIpv6Enabled: true,
      httpVersion: 'http2and3',
      priceClass,
      webAclId: webAclArn,
      ...(domain !== undefined && { aliases: [domain.name] }),
      viewerCertificate:
        domain === undefined
          ? { cloudfrontDefaultCertificate: true }
          : {
              acmCertificateArn: domain.certificateArn,
              sslSupportMethod: 'sni-only',
              minimumProtocolVersion: 'TLSv1.2_2021',
            },
      origin: this.#origins(props),
      ...behaviours(props, this.#function(props)),
      // Countries are the web ACL's business, which knows the offices' addresses too.
      restrictions: { geoRestriction: { restrictionType: 'none' } },
      tags: { Name: name },
      dependsOn: [...after],
    });
    distribution.overrideLogicalId('distribution');
    this.distributionId = distribution.id;
    this.domainName = distribution.domainName;
    this.zoneId = distribution.hostedZoneId;
  }

  #origins({ name, origins: { loadBalancer, api }, originVerify }: EdgeProps): CloudfrontDistributionOrigin[] {
    const customHeader =
      originVerify === undefined ? {} : { customHeader: [{ name: originVerifyHeader, value: originVerify }] };
    const over = (originProtocolPolicy: string) => ({
      ...ports,
      originProtocolPolicy,
      originSslProtocols: ['TLSv1.2'],
    });
    const origins: CloudfrontDistributionOrigin[] = [];
    if (loadBalancer !== undefined) {
      const { domainName, tls, privateArn } = loadBalancer;
      const policy = tls ? 'https-only' : 'http-only';
      origins.push({
        originId: 'load-balancer',
        domainName,
        ...customHeader,
        ...(privateArn === undefined
          ? { customOriginConfig: { ...over(policy), ...originSeconds } }
          : { vpcOriginConfig: { vpcOriginId: this.#vpcOrigin(name, privateArn, policy), ...originSeconds } }),
      });
    }
    if (api !== undefined)
      origins.push({
        originId: 'api',
        domainName: api.domainName,
        ...customHeader,
        customOriginConfig: { ...over('https-only'), ...originSeconds },
      });
    return origins;
  }

  #vpcOrigin(name: string, arn: string, originProtocolPolicy: string): string {
    return new CloudfrontVpcOrigin(this, 'vpc-origin', {
      vpcOriginEndpointConfig: [
        {
          name,
          arn,
          ...ports,
          originProtocolPolicy,
          originSslProtocols: [{ items: ['TLSv1.2'], quantity: 1 }],
        },
      ],
    }).id;
  }

  #function({ name, viewerRequest: request }: EdgeProps): string | undefined {
    if (request === undefined) return undefined;
    return new CloudfrontFunction(this, 'viewer-request', {
      name: `${name}-viewer-request`,
      comment: 'Takes out the headers that only the platform sends',
      runtime: 'cloudfront-js-2.0',
      publish: true,
      code: viewerRequest(request),
    }).arn;
  }
}
