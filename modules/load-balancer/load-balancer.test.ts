import { synthesized } from '../testing/synthesized.ts';
import { LoadBalancer, type LoadBalancerProps } from './load-balancer.ts';

const props: LoadBalancerProps = {
  name: 'marketing-mcp-alb',
  vpcId: 'vpc-1',
  subnetIds: ['subnet-1', 'subnet-2', 'subnet-3'],
  securityGroupIds: ['sg-1'],
  internal: false,
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
  sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
  targetType: 'ip',
  colours: [
    { colour: 'blue', port: 3000 },
    { colour: 'green', port: 3001 },
  ],
  activeColour: 'green',
  healthCheck: { path: '/health', intervalSeconds: 30, timeoutSeconds: 5, healthy: 2, unhealthy: 3 },
  deregistrationDelaySeconds: 30,
  sticky: true,
  idleTimeoutSeconds: 120,
  logsBucket: 'logs',
  deletionProtection: true,
};
const one = { colours: [{ colour: 'blue', port: 8001 }], activeColour: 'blue' };

const made = (changes: Partial<LoadBalancerProps> = {}) =>
  synthesized((stack) => new LoadBalancer(stack, 'alb', { ...props, ...changes }));
const byPort = (changes: Partial<LoadBalancerProps> = {}) =>
  Object.fromEntries(Object.values(made(changes).all('aws_lb_listener')).map((block) => [block.port, block]));
const rules = (changes: Partial<LoadBalancerProps> = {}) =>
  Object.entries(made(changes).all('aws_lb_listener_rule')).map(([name, block]) => ({
    name: name.replace(/_[0-9A-F]{8}$/, ''),
    ...block,
  }));

describe('the load balancer', () => {
  it('drops what it cannot read, writes access and connection logs, and is protected', () => {
    expect(made().one('aws_lb')).toMatchObject({
      name: 'marketing-mcp-alb',
      load_balancer_type: 'application',
      internal: false,
      subnets: ['subnet-1', 'subnet-2', 'subnet-3'],
      security_groups: ['sg-1'],
      idle_timeout: 120,
      desync_mitigation_mode: 'defensive',
      drop_invalid_header_fields: true,
      enable_deletion_protection: true,
      access_logs: { bucket: 'logs', prefix: 'alb/access', enabled: true },
      connection_logs: { bucket: 'logs', prefix: 'alb/connections', enabled: true },
    });
    expect(made({ logsBucket: undefined }).one('aws_lb')).not.toHaveProperty('access_logs');
  });

  it('leaves the target groups when it is switched off', () => {
    expect(made({ enabled: false }).addresses).toEqual([
      'aws_lb_target_group.target_group_blue',
      'aws_lb_target_group.target_group_green',
    ]);
  });
});

describe('the listeners', () => {
  it('end TLS with the policy, tell browsers to stay with it, and send 80 there', () => {
    const listeners = byPort();
    expect(listeners[443]).toMatchObject({
      protocol: 'HTTPS',
      certificate_arn: props.certificateArn,
      ssl_policy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
      routing_http_response_strict_transport_security_header_value: 'max-age=31536000',
      routing_http_response_server_enabled: false,
    });
    expect(listeners[80]).toMatchObject({
      default_action: [{ type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', status_code: 'HTTP_301' } }],
    });
  });

  it('serve HTTP alone without a certificate', () => {
    const listeners = byPort({ ...one, certificateArn: undefined });
    expect(Object.keys(listeners)).toEqual(['80']);
    expect(listeners[80]).toMatchObject({ protocol: 'HTTP', default_action: [{ type: 'fixed-response' }] });
  });

  it.each([{ internal: true }, { originVerify: ['secret'] }])('do not listen on 80 with %j', (changes) => {
    expect(Object.keys(byPort(changes))).toEqual(['443']);
  });
});

describe('the rules', () => {
  it('give all weight to the active colour, which operations move later', () => {
    expect(rules()).toMatchObject([
      {
        name: 'live',
        priority: 100,
        action: [
          {
            type: 'forward',
            forward: {
              target_group: [
                { arn: `\${aws_lb_target_group.target_group_blue.arn}`, weight: 0 },
                { arn: `\${aws_lb_target_group.target_group_green.arn}`, weight: 100 },
              ],
              stickiness: { enabled: false },
            },
          },
        ],
        condition: [{ path_pattern: { values: ['/*'] } }],
        lifecycle: { ignore_changes: ['action'] },
      },
    ]);
  });

  it('belong to Terraform where there is one colour', () => {
    const [live] = rules(one);
    expect(live).toMatchObject({ action: [{ forward: { target_group: [{ weight: 100 }] } }] });
    expect(live).not.toHaveProperty('lifecycle');
  });

  it('show a colour to whoever knows the secret, before the weights count', () => {
    const preview = rules({ preview: ['one', 'two'] }).filter(({ name }) => name.includes('preview'));
    expect(preview).toMatchObject([
      {
        priority: 10,
        action: [{ type: 'forward', target_group_arn: `\${aws_lb_target_group.target_group_blue.arn}` }],
      },
      {
        priority: 11,
        action: [{ type: 'forward', target_group_arn: `\${aws_lb_target_group.target_group_green.arn}` }],
      },
    ]);
    expect(preview[1]).toHaveProperty('condition.0.http_header', {
      http_header_name: 'x-mcp-preview',
      values: `\${formatlist("green:%s", ["one", "two"])}`,
    });
  });

  it('all demand the edge’s header, and refuse what has not got it', () => {
    const changes = { preview: ['one'], originVerify: ['current', 'previous'] };
    const header = { http_header: { http_header_name: 'x-origin-verify', values: ['current', 'previous'] } };
    const all = rules(changes);
    expect(all).toHaveLength(3);
    for (const { condition } of all as { condition?: unknown }[]) expect(condition).toContainEqual(header);
    expect(byPort(changes)[443]).toMatchObject({
      default_action: [{ type: 'fixed-response', fixed_response: { status_code: '403' } }],
    });
  });
});

describe('the target groups', () => {
  const groups = (changes: Partial<LoadBalancerProps> = {}) => made(changes).all('aws_lb_target_group');

  it('check the health of tasks, keep clients, and let them finish', () => {
    expect(groups().target_group_green).toMatchObject({
      target_type: 'ip',
      protocol: 'HTTP',
      port: 3001,
      deregistration_delay: '30',
      health_check: {
        path: '/health',
        matcher: '200',
        interval: 30,
        timeout: 5,
        healthy_threshold: 2,
        unhealthy_threshold: 3,
      },
      stickiness: { type: 'lb_cookie', enabled: true },
    });
  });

  it('have names that AWS completes, so that a replacement comes up beside what it replaces', () => {
    expect(groups()).toMatchObject({
      target_group_blue: { name_prefix: 'blue-' },
      target_group_green: { name_prefix: 'green-' },
    });
  });

  it('take a whole name only where there is one', () => {
    const named = { targetGroupName: 'marketing-mcp-target-group' };
    expect(groups({ ...one, ...named }).target_group_blue).toMatchObject({ name: 'marketing-mcp-target-group' });
    expect(groups(named).target_group_blue).not.toHaveProperty('name');
  });

  it('hold instances where there is an instance group', () => {
    expect(groups({ ...one, targetType: 'instance' }).target_group_blue).toMatchObject({ target_type: 'instance' });
  });
});
