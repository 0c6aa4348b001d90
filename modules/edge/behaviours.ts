/** Which paths go where, and what is kept at the edge. */
import type {
  CloudfrontDistributionDefaultCacheBehavior,
  CloudfrontDistributionOrderedCacheBehavior,
} from '@cdktf/provider-aws/lib/cloudfront-distribution/index.js';

/** Policies that AWS keeps, by id. */
const policies = {
  cachingDisabled: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  cachingOptimized: '658327ea-f89d-4fab-a63d-7e88639e58f6',
  allViewer: '216adef6-5c7f-47e4-b989-5492eafa07d3',
  allViewerExceptHost: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
  securityHeaders: '67f7725c-6f97-4210-82d7-5512b31e9d03',
};

export type OriginName = 'load-balancer' | 'api';

type Behaviour = CloudfrontDistributionDefaultCacheBehavior;

const every = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
const reading = ['GET', 'HEAD'];

const behaviour = (origin: OriginName, functionArn: string | undefined) => ({
  targetOriginId: origin,
  // API Gateway finds the API by the host asked for; the load balancer's certificate is checked against the public one.
  originRequestPolicyId: origin === 'api' ? policies.allViewerExceptHost : policies.allViewer,
  responseHeadersPolicyId: policies.securityHeaders,
  ...(functionArn !== undefined && {
    functionAssociation: [{ eventType: 'viewer-request', functionArn }],
  }),
});

/** Every request goes on, and no answer is kept. Streams pass. */
export const dynamic = (origin: OriginName, functionArn?: string): Behaviour => ({
  ...behaviour(origin, functionArn),
  viewerProtocolPolicy: 'redirect-to-https',
  allowedMethods: every,
  cachedMethods: reading,
  cachePolicyId: policies.cachingDisabled,
});

/** Requests with credentials, which must never go over http, not even to be redirected. */
export const dynamicAt = (
  pathPattern: string,
  origin: OriginName,
  functionArn?: string,
): CloudfrontDistributionOrderedCacheBehavior => ({
  ...dynamic(origin, functionArn),
  pathPattern,
  viewerProtocolPolicy: 'https-only',
});

/** Files kept at the edge as long as the service says, and compressed there. */
export const cachedAt = (
  pathPattern: string,
  origin: OriginName,
  functionArn?: string,
): CloudfrontDistributionOrderedCacheBehavior => ({
  ...behaviour(origin, functionArn),
  pathPattern,
  viewerProtocolPolicy: 'redirect-to-https',
  allowedMethods: reading,
  cachedMethods: reading,
  compress: true,
  cachePolicyId: policies.cachingOptimized,
});
