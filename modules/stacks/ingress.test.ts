import { routes } from '../../contracts/routes.ts';
import { customImage } from '../testing/custom-image.ts';
import { type Block, primaryDeploymentOf, type Synthesized, synthesized } from '../testing/synthesized.ts';
import { twoRegions } from '../testing/two-regions.ts';
import type { Deployment } from './deployment.ts';
import { EdgeFront } from './edge-front.ts';
import { LoadBalancing } from './load-balancing.ts';

const network = {
  vpcId: 'vpc-1',
  publicSubnets: { a: 'subnet-public-a', b: 'subnet-public-b' },
  privateSubnets: { a: 'subnet-private-a', b: 'subnet-private-b' },
  databaseSubnets: {},
  securityGroups: { loadBalancer: 'sg-alb' },
};
const storage = {
  keys: { logs: 'arn:aws:kms:us-east-1:111122223333:key/logs' },
  buckets: { logs: { name: 'logs', arn: 'arn:aws:s3:::logs' } },
  secrets: {},
};
const domainOf = ({ settings }: Deployment) =>
  settings.domain_name === undefined
    ? {}
    : {
        zoneId: settings.hosted_zone_id,
        certificateArn: 'arn:certificate',
        edgeCertificateArn: 'arn:edge-certificate',
      };

/** Both parts, with the names an HTTP API would give in between. */
const made = async (name: string, changes: object = {}, more: Partial<Deployment> = {}): Promise<Synthesized> => {
  const deployment = { ...(await primaryDeploymentOf(name, { ...changes })), ...more };
  const { settings, shape } = deployment;
  const domain = domainOf(deployment);
  return synthesized((stack) => {
    const balancing = shape.targetGroups
      ? new LoadBalancing(stack, 'ingress', { deployment, network, storage, domain })
      : undefined;
    if (!shape.distribution || !deployment.primary) return;
    const api = shape.httpApi ? { host: settings.api_domain_name ?? 'api.execute-api.amazonaws.com' } : undefined;
    new EdgeFront(stack, 'edge', {
      deployment,
      storage,
      domain,
      loadBalancer: balancing?.loadBalancer,
      api,
      checking: [...stack.node.children],
    });
  });
};
const variables = ({ json }: Synthesized) => Object.keys((JSON.parse(json) as { variable?: object }).variable ?? {});
const records = (resources: Synthesized) =>
  Object.values(resources.all('aws_route53_record'))
    .map(({ name, type }) => `${name} ${type}`)
    .toSorted();

describe('a load balancer before the internet', () => {
  it('stands in the public subnets under the domain name, and asks for no header', async () => {
    const alb = await made('examples/tag-governance/prod', { preview_header: false });
    expect(alb.one('aws_lb')).toMatchObject({
      internal: false,
      subnets: ['subnet-public-a', 'subnet-public-b'],
      security_groups: ['sg-alb'],
      access_logs: { bucket: 'logs' },
    });
    expect(records(alb)).toEqual(['mcp.finops.example.com A']);
    expect(variables(alb)).toEqual([]);
    expect(alb.all('aws_wafv2_web_acl')).toEqual({});
  });

  it('has no record while its name is led to it by a move', async () => {
    const moving = await made('examples/tag-governance/prod', { preview_header: false, domain_record: 'move' });
    const usual = await made('examples/tag-governance/prod', { preview_header: false });
    expect(records(moving)).toEqual([]);
    expect(usual.addresses.filter((address) => !moving.addresses.includes(address))).toEqual([
      expect.stringMatching(/^aws_route53_record\.ingress_record_A_/),
    ]);
  });

  it('shows its colours to who knows the secret', async () => {
    expect(variables(await made('examples/tag-governance/prod'))).toEqual(['preview_values']);
  });

  it('serves http under its own name where there is no domain', async () => {
    const alb = await made('examples/market-data/weekend');
    expect(alb.one('aws_lb_listener')).toMatchObject({ port: 80, protocol: 'HTTP' });
    expect(alb.one('aws_lb_target_group')).toMatchObject({ port: 8001, name_prefix: 'blue-', target_type: 'ip' });
    expect(records(alb)).toEqual([]);
  });

  it('is one of the regions that Route 53 chooses from, by its health', async () => {
    const alb = await made('examples/market-data/dev');
    expect(alb.one('aws_route53_record')).toMatchObject({
      set_identifier: 'eu-west-1',
      latency_routing_policy: { region: 'eu-west-1' },
    });
    expect(alb.one('aws_route53_health_check')).toMatchObject({ resource_path: '/health', type: 'HTTPS' });
  });

  it('leaves its target groups between weekends, and neither record nor web ACL', async () => {
    const weekend = {
      weekend_only: true,
      blue_green: false,
      cutover_hold_hours: undefined,
      destroy_albs_when_scaled_down: true,
      waf: 'basic',
    };
    const off = await made('examples/tag-governance/prod', { ...weekend, alb_enabled: false });
    expect(off.addresses).toEqual(['aws_lb_target_group.target_group_blue']);
    const on = await made('examples/tag-governance/prod', weekend);
    expect(on.one('aws_lb')).toMatchObject({ enable_deletion_protection: false });
  });

  it('reaches instances by their id', async () => {
    const ec2 = await made('examples/startup/staging');
    expect(ec2.one('aws_lb_target_group')).toMatchObject({ target_type: 'instance' });
  });

  it('has a web ACL of its region, whose log its key encrypts', async () => {
    const alb = await made('examples/tag-governance/prod', {
      ...twoRegions,
      waf: 'full',
      waf_allowed_countries: ['US'],
    });
    expect(alb.one('aws_wafv2_web_acl')).toMatchObject({ scope: 'REGIONAL' });
    expect(alb.one('aws_wafv2_web_acl_association').resource_arn).toContain('aws_lb.');
    expect(alb.one('aws_cloudwatch_log_group')).toMatchObject({ kms_key_id: storage.keys.logs });
    // Route 53 asks from countries that are not admitted.
    expect(JSON.stringify(alb.one('aws_wafv2_web_acl'))).toContain('"search_string":"/ready"');
  });
});

describe('a load balancer behind an HTTP API', () => {
  it('is private, has no name, and listens on 443 alone', async () => {
    const alb = await made('examples/marketing/dev');
    expect(alb.one('aws_lb')).toMatchObject({ internal: true, subnets: ['subnet-private-a', 'subnet-private-b'] });
    expect(alb.one('aws_lb_listener')).toMatchObject({ port: 443 });
    expect(alb.one('aws_lb_target_group')).toMatchObject({
      name: 'marketing-mcp-target-group',
      port: 3000,
      stickiness: { enabled: true },
    });
    expect(records(alb)).toEqual([]);
  });

  it('tells callers by the header the API writes, for every connection is the API’s', async () => {
    const alb = await made('dev', { waf: 'basic' });
    expect(JSON.stringify(alb.one('aws_wafv2_web_acl'))).toContain('"header_name":"x-countersign-client-address"');
  });
});

describe('the edge', () => {
  it('answers under the domain name, and everything behind it demands its secret', async () => {
    const edge = await made('staging');
    expect(records(edge)).toEqual([
      'mcp.staging.example.com A',
      'mcp.staging.example.com AAAA',
      'origin-mcp.staging.example.com A',
    ]);
    expect(variables(edge).toSorted()).toEqual(['origin_verify_values', 'preview_values']);
    const conditions = Object.values(edge.all('aws_lb_listener_rule')).map(({ condition }) =>
      JSON.stringify(condition),
    );
    expect(conditions.every((condition) => condition.includes(`\${var.origin_verify_values}`))).toBe(true);
    expect(edge.one('aws_cloudfront_distribution')).toMatchObject({
      aliases: ['mcp.staging.example.com'],
      origin: [
        { origin_id: 'load-balancer', domain_name: 'origin-mcp.staging.example.com' },
        { origin_id: 'api', domain_name: 'api-mcp.staging.example.com' },
      ],
    });
  });

  it('sends a new secret when every rule accepts it, and not before', async () => {
    const edge = await made('staging');
    const rules = Object.keys(edge.all('aws_lb_listener_rule')).map((name) => `aws_lb_listener_rule.${name}`);
    expect(edge.one('aws_cloudfront_distribution').depends_on).toEqual(expect.arrayContaining(rules));
  });

  it('sends the facade’s routes to the API, and no other', async () => {
    const { ordered_cache_behavior } = (await made('staging')).one('aws_cloudfront_distribution');
    const toApi = (ordered_cache_behavior as Block[]).filter(({ target_origin_id }) => target_origin_id === 'api');
    const facade = Object.values(routes).filter((route) => route.facade);
    expect(toApi.map(({ path_pattern }) => path_pattern)).toEqual(facade.map(({ path }) => path));
  });

  it('takes out of requests what only the platform may say', async () => {
    const { code } = (await made('staging')).one('aws_cloudfront_function');
    expect(code).toContain("delete request.headers['x-countersign-user-id']");
    expect(code).toContain('sha256(value)');
  });

  it('keeps files at the edge of our own container only', async () => {
    const cached = async (name: string, changes = {}) =>
      JSON.stringify((await made(name, changes)).one('aws_cloudfront_distribution')).includes('/assets/*');
    expect(await cached('staging')).toBe(true);
    expect(await cached('examples/marketing/staging', customImage)).toBe(false);
  });

  it('has the web ACL and its log in us-east-1, with the countries and offices of the settings', async () => {
    const edge = await made('examples/marketing/prod', {}, { region: 'eu-west-1' });
    expect(edge.one('aws_wafv2_web_acl')).toMatchObject({ scope: 'CLOUDFRONT', provider: 'aws.us-east-1' });
    expect(edge.one('aws_wafv2_ip_set')).toMatchObject({
      addresses: ['203.0.113.0/24', '198.51.100.0/24', '192.0.2.0/24'],
      provider: 'aws.us-east-1',
    });
    expect(edge.one('aws_cloudwatch_log_group')).toMatchObject({
      name: 'aws-waf-logs-marketing-mcp-edge',
      retention_in_days: 90,
      provider: 'aws.us-east-1',
    });
    // A key of Europe is of no use in us-east-1.
    expect(edge.one('aws_cloudwatch_log_group')).not.toHaveProperty('kms_key_id');
    expect(JSON.stringify(edge.one('aws_wafv2_web_acl'))).toContain('"country_codes":["US","CA","GB"]');
    expect(JSON.stringify(edge.one('aws_wafv2_web_acl_logging_configuration'))).toContain('x-platform-api-key');
    expect(edge.one('aws_cloudwatch_log_delivery_source')).toMatchObject({ provider: 'aws.us-east-1' });
  });

  it('reaches a private load balancer through a VPC origin, which the emulator has not got', async () => {
    const edge = await made('examples/marketing/prod');
    expect(edge.one('aws_cloudfront_vpc_origin').vpc_origin_endpoint_config).toMatchObject([
      { origin_protocol_policy: 'https-only' },
    ]);
    expect(records(edge)).toEqual(['mcp.marketing.example.com A', 'mcp.marketing.example.com AAAA']);
    const target = { kind: 'emulator', stateFolder: '.', url: 'http://localhost' } as const;
    const emulated = await made('examples/marketing/prod', {}, { target });
    expect(emulated.addresses.filter((address) => /vpc_origin|cloudfront_function/.test(address))).toEqual([]);
  });

  it('stands before the HTTP API of a function', async () => {
    const edge = await made('examples/startup/prod');
    expect(edge.one('aws_cloudfront_distribution').origin).toMatchObject([
      { origin_id: 'api', custom_header: [{ name: 'x-origin-verify' }] },
    ]);
    expect(edge.all('aws_lb')).toEqual({});
  });

  it('is one for all regions; in the other the load balancer answers after the home, by its targets’ health', async () => {
    const second = await made('staging', twoRegions, { primary: false, region: 'eu-west-1' });
    expect(second.all('aws_cloudfront_distribution')).toEqual({});
    expect(second.one('aws_route53_record')).toMatchObject({
      name: 'origin-mcp.staging.example.com',
      set_identifier: 'eu-west-1',
      alias: { evaluate_target_health: true },
    });
    // It would be refused: it has not got the header.
    expect(second.all('aws_route53_health_check')).toEqual({});
  });
});
