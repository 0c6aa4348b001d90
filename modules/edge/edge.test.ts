import { type Block, synthesized } from '../testing/synthesized.ts';
import { AccessLog } from './access-log.ts';
import { Edge, type EdgeProps } from './edge.ts';

const props: EdgeProps = {
  name: 'marketing-mcp-edge',
  domain: { name: 'mcp.marketing.example.com', certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1' },
  origins: {
    loadBalancer: { domainName: 'origin-mcp.marketing.example.com', tls: true },
    api: { domainName: 'api-mcp.marketing.example.com' },
  },
  apiPaths: ['/mcp/execute-tool', '/mcp/health'],
  httpsOnlyPaths: ['/mcp'],
  cachedPaths: ['/assets/*'],
  originVerify: 'secret',
  webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/1',
};
const made = (changes: Partial<EdgeProps> = {}) =>
  synthesized((stack) => new Edge(stack, 'edge', { ...props, ...changes }));
const distribution = (changes: Partial<EdgeProps> = {}) => made(changes).one('aws_cloudfront_distribution');

const caching = { off: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad', on: '658327ea-f89d-4fab-a63d-7e88639e58f6' };
const forwarded = {
  all: '216adef6-5c7f-47e4-b989-5492eafa07d3',
  allButHost: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
};

describe('the distribution', () => {
  it('answers under the domain name with TLS 1.2 and later, HTTP/3 and IPv6, behind the web ACL', () => {
    expect(distribution()).toMatchObject({
      aliases: ['mcp.marketing.example.com'],
      viewer_certificate: { minimum_protocol_version: 'TLSv1.2_2021', ssl_support_method: 'sni-only' },
      http_version: 'http2and3',
      is_ipv6_enabled: true,
      web_acl_id: props.webAclArn,
    });
  });

  it('answers under CloudFront’s own name without one', () => {
    const block = distribution({ domain: undefined });
    expect(block).toMatchObject({ viewer_certificate: { cloudfront_default_certificate: true } });
    expect(block).not.toHaveProperty('aliases');
  });

  it('sends the facade to the API, all else to the load balancer, and keeps nothing but files', () => {
    const block = distribution();
    expect(block.default_cache_behavior).toMatchObject({
      target_origin_id: 'load-balancer',
      viewer_protocol_policy: 'redirect-to-https',
      cache_policy_id: caching.off,
      origin_request_policy_id: forwarded.all,
    });
    const behaviour = (path_pattern: string, target_origin_id: string, cache: string, request: string) => ({
      path_pattern,
      target_origin_id,
      cache_policy_id: cache,
      origin_request_policy_id: request,
    });
    expect(block.ordered_cache_behavior).toMatchObject([
      behaviour('/mcp/execute-tool', 'api', caching.off, forwarded.allButHost),
      behaviour('/mcp/health', 'api', caching.off, forwarded.allButHost),
      behaviour('/mcp', 'load-balancer', caching.off, forwarded.all),
      behaviour('/assets/*', 'load-balancer', caching.on, forwarded.all),
    ]);
  });

  it('redirects pages to https, and refuses credentials over http', () => {
    const [facade, , mcp, assets] = distribution().ordered_cache_behavior as Block[];
    expect([facade, mcp, assets].map((behaviour) => behaviour?.viewer_protocol_policy)).toEqual([
      'https-only',
      'https-only',
      'redirect-to-https',
    ]);
  });

  it('adds the security headers to every answer', () => {
    const block = distribution();
    const all = [block.default_cache_behavior as Block, ...(block.ordered_cache_behavior as Block[])];
    expect(new Set(all.map(({ response_headers_policy_id }) => response_headers_policy_id))).toEqual(
      new Set(['67f7725c-6f97-4210-82d7-5512b31e9d03']),
    );
  });

  it('sends everything to the API where there is no load balancer', () => {
    const block = distribution({ origins: { api: { domainName: 'api-mcp.marketing.example.com' } } });
    const all = [block.default_cache_behavior as Block, ...(block.ordered_cache_behavior as Block[])];
    expect(new Set(all.map(({ target_origin_id }) => target_origin_id))).toEqual(new Set(['api']));
    expect(block.origin).toMatchObject([{ origin_id: 'api', domain_name: 'api-mcp.marketing.example.com' }]);
  });
});

describe('the origins', () => {
  const origins = (changes: Partial<EdgeProps> = {}) => distribution(changes).origin as Block[];

  it('are reached over TLS with the secret header, and may take a minute', () => {
    const config = {
      origin_protocol_policy: 'https-only',
      origin_ssl_protocols: ['TLSv1.2'],
      origin_read_timeout: 60,
      origin_keepalive_timeout: 60,
    };
    const custom_header = [{ name: 'x-origin-verify', value: 'secret' }];
    expect(origins()).toMatchObject([
      {
        origin_id: 'load-balancer',
        domain_name: 'origin-mcp.marketing.example.com',
        custom_header,
        custom_origin_config: config,
      },
      { origin_id: 'api', domain_name: 'api-mcp.marketing.example.com', custom_header, custom_origin_config: config },
    ]);
  });

  it('are asked over http only where the load balancer has no certificate', () => {
    const [origin] = origins({ origins: { loadBalancer: { domainName: 'alb.amazonaws.com', tls: false } } });
    expect(origin).toMatchObject({ custom_origin_config: { origin_protocol_policy: 'http-only' } });
  });

  it('lie in the VPC where the load balancer is private', () => {
    const loadBalancer = { domainName: 'internal-alb.amazonaws.com', tls: true, privateArn: 'arn:alb' };
    const inside = made({ origins: { loadBalancer }, originVerify: undefined });
    expect(inside.one('aws_cloudfront_vpc_origin')).toMatchObject({
      vpc_origin_endpoint_config: [{ arn: 'arn:alb', origin_protocol_policy: 'https-only' }],
    });
    const [origin] = inside.one('aws_cloudfront_distribution').origin as Block[];
    expect(origin).toMatchObject({ vpc_origin_config: { origin_read_timeout: 60 } });
    expect(origin).not.toHaveProperty('custom_origin_config');
    expect(origin).not.toHaveProperty('custom_header');
  });
});

describe('the function at the edge', () => {
  it('sees every request first', () => {
    const edge = made({ viewerRequest: { stripped: ['x-countersign-user-id'] } });
    expect(edge.one('aws_cloudfront_function')).toMatchObject({ runtime: 'cloudfront-js-2.0', publish: true });
    const block = edge.one('aws_cloudfront_distribution');
    const all = [block.default_cache_behavior as Block, ...(block.ordered_cache_behavior as Block[])];
    for (const { function_association } of all)
      expect(function_association).toMatchObject([{ event_type: 'viewer-request' }]);
  });

  it('is not made where nothing is to be taken out', () => {
    expect(made().all('aws_cloudfront_function')).toEqual({});
  });
});

it('logs requests to the bucket, without what a query or a cookie holds', () => {
  const log = synthesized(
    (stack) =>
      new AccessLog(stack, 'log', { name: 'edge', distributionArn: 'arn:distribution', bucketArn: 'arn:bucket' }),
  );
  expect(log.one('aws_cloudwatch_log_delivery_source')).toMatchObject({
    log_type: 'ACCESS_LOGS',
    resource_arn: 'arn:distribution',
  });
  expect(log.one('aws_cloudwatch_log_delivery_destination')).toMatchObject({
    delivery_destination_configuration: [{ destination_resource_arn: 'arn:bucket/cloudfront' }],
  });
  const { record_fields } = log.one('aws_cloudwatch_log_delivery');
  expect(record_fields).toContain('cs-uri-stem');
  expect(JSON.stringify(record_fields)).not.toMatch(/query|Cookie|Referer/i);
});
