import type { TerraformStack } from 'cdktf';
import { type Block, synthesized } from '../testing/synthesized.ts';
import { blockedBy } from '../testing/web-acl.ts';
import { countersignSurfaces, customSurfaces } from './surfaces.ts';
import { WebAcl, type WebAclProps } from './web-acl.ts';

const props: WebAclProps = {
  name: 'marketing-mcp-edge',
  scope: 'CLOUDFRONT',
  level: 'full',
  ratePerMinute: 100,
  toolRatePerMinute: 600,
  toolRatePerAddress: 12_000,
  surfaces: countersignSurfaces,
  toolPath: '/mcp',
  countries: ['US', 'CA', 'GB'],
  officeCidrs: ['203.0.113.0/24'],
  maxBodyBytes: 999_999,
  maxHeaderBytes: 8192,
  secretHeaders: ['x-platform-api-key'],
  logRetentionDays: 90,
};

const made = (changes: Partial<WebAclProps> = {}) =>
  synthesized((stack: TerraformStack) => new WebAcl(stack, 'acl', { ...props, ...changes }));

interface Rule extends Block {
  readonly name: string;
  readonly priority: number;
  readonly statement: Block;
  readonly action?: Block;
}
const rules = (changes: Partial<WebAclProps> = {}): Readonly<Record<string, Rule>> =>
  Object.fromEntries((made(changes).one('aws_wafv2_web_acl').rule as Rule[]).map((rule) => [rule.name, rule]));

const managed = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesSQLiRuleSet',
  'elsewhere-than-programs',
  'elsewhere-than-sign-in',
  'elsewhere-than-sign-in-and-words',
  'elsewhere-than-words',
];

describe('the web ACL', () => {
  it('basic: a rate and the managed groups', () => {
    expect(Object.keys(rules({ level: 'basic', officeCidrs: [] }))).toEqual(['rate', ...managed]);
    expect(rules({ level: 'basic' }).rate).toMatchObject({
      action: { block: { custom_response: { response_code: 429 } } },
      statement: { rate_based_statement: { limit: 100, evaluation_window_sec: 60, aggregate_key_type: 'IP' } },
    });
    expect(rules({ level: 'basic' }).rate?.statement).not.toHaveProperty('rate_based_statement.scope_down_statement');
  });

  it('full: rates, geography, attack patterns and methods, sizes, suspicious agents, each at its place', () => {
    const all = Object.values(rules());
    expect(all.map(({ name }) => name)).toEqual([
      'rate',
      'tool-rate',
      'tool-rate-of-address',
      'geography',
      ...managed,
      'methods',
      'body-size',
      'header-size',
      'suspicious-agents',
    ]);
    expect(all.map(({ priority }) => priority)).toEqual(all.map((_, index) => index));
  });

  it('counts tool calls apart from the rest, by token and, up to a ceiling, by address', () => {
    const below = { byte_match_statement: { search_string: '/mcp', positional_constraint: 'STARTS_WITH' } };
    expect(rules()['tool-rate']).toMatchObject({
      statement: {
        rate_based_statement: {
          limit: 600,
          aggregate_key_type: 'CUSTOM_KEYS',
          custom_key: [{ ip: {} }, { header: { name: 'authorization' } }],
          scope_down_statement: below,
        },
      },
    });
    expect(rules()['tool-rate-of-address']).toMatchObject({
      statement: { rate_based_statement: { limit: 12_000, aggregate_key_type: 'IP', scope_down_statement: below } },
    });
    expect(rules().rate).toMatchObject({
      statement: {
        rate_based_statement: { limit: 100, scope_down_statement: { not_statement: { statement: [below] } } },
      },
    });
  });

  const post = (path: string, length: number) => ({
    ...{ method: 'POST', path, body: '{}' },
    headers: { host: 'mcp.example.com', 'content-length': String(length) },
  });

  it.each(['basic', 'full'] as const)('%s: holds posts to webhooks to a rate of their own', (level) => {
    const webhooks = ['/hooks/a', '/hooks/b'].map((path) => ({ path, ratePerMinute: 600, mostBytes: 65_536 }));
    const { rate, 'webhook-rate': own } = rules({ level, webhooks });
    const limited = (rule: Rule | undefined) => rule?.statement.rate_based_statement as Block;
    expect(limited(own)).toMatchObject({ limit: 1200, aggregate_key_type: 'IP' });
    expect(JSON.stringify(limited(own).scope_down_statement)).toContain('/hooks/b');
    expect(limited(rate)).toMatchObject({ limit: 100, scope_down_statement: { not_statement: {} } });
    expect(JSON.stringify(limited(rate).scope_down_statement)).toContain('/hooks/b');
  });

  it('full: holds posts to webhooks to their own sizes, and everything else to the general one', () => {
    const sizes = { '/hooks/small': 65_536, '/hooks/large': 1_048_576 };
    const webhooks = Object.entries(sizes).map(([path, mostBytes]) => ({ path, ratePerMinute: 600, mostBytes }));
    const surfaces = { ...countersignSurfaces, programs: [...countersignSurfaces.programs, ...Object.keys(sizes)] };
    const acl = made({ webhooks, surfaces }).one('aws_wafv2_web_acl');
    const blocked = (path: string, length: number) => blockedBy(acl, post(path, length));
    expect(blocked('/hooks/large', 1_048_576)).toBeUndefined();
    expect(blocked('/hooks/large', 1_048_577)).toBe('webhook-size-1048576');
    expect(blocked('/hooks/small', 65_536)).toBeUndefined();
    expect(blocked('/hooks/small', 65_537)).toBe('webhook-size-65536');
    expect(blocked('/hooks/large/more', 65_536)).toBe('elsewhere-than-programs');
    expect(blocked('/mcp', 1_000_000)).toBe('body-size');
  });

  it('tells addresses by a header where connections come from API Gateway', () => {
    const behind = rules({ addressHeader: 'x-countersign-client-address' });
    const header = { header_name: 'x-countersign-client-address' };
    expect(behind.rate).toMatchObject({
      statement: {
        rate_based_statement: {
          aggregate_key_type: 'FORWARDED_IP',
          forwarded_ip_config: { ...header, fallback_behavior: 'MATCH' },
        },
      },
    });
    expect(behind['tool-rate']).toMatchObject({
      statement: {
        rate_based_statement: {
          custom_key: [{ forwarded_ip: {} }, { header: { name: 'authorization' } }],
          forwarded_ip_config: header,
        },
      },
    });
    expect(JSON.stringify(behind.geography)).toContain(
      '"forwarded_ip_config":{"fallback_behavior":"NO_MATCH","header_name":"x-countersign-client-address"}',
    );
  });

  it('speaks to Terraform in snake case, which nothing else would notice', () => {
    for (const { statement } of Object.values(rules()))
      expect(JSON.stringify(statement)).not.toMatch(/"[a-z]+[A-Z]\w*":/);
  });
});

describe('the geography rule', () => {
  const admitted = (changes: Partial<WebAclProps>) => {
    const rule = rules(changes).geography;
    if (rule === undefined) return undefined;
    expect(rule.action).toEqual({ block: {} });
    const [inner] = (rule.statement.not_statement as { statement: Block[] }).statement;
    return inner?.or_statement === undefined
      ? [inner]
      : (inner.or_statement as { readonly statement: readonly Block[] }).statement;
  };
  const countries = { geo_match_statement: { country_codes: ['US', 'CA', 'GB'] } };

  it.each([
    ['countries and offices', {}, ['geo', 'ip']],
    ['countries', { officeCidrs: [] }, ['geo']],
    ['offices alone', { countries: [] }, ['ip']],
  ] as const)('admits %s', (_, changes, kinds) => {
    const statements = admitted(changes) ?? [];
    expect(statements.flatMap((statement) => Object.keys(statement ?? {})).toSorted()).toEqual(
      kinds.map((kind) => (kind === 'geo' ? 'geo_match_statement' : 'ip_set_reference_statement')),
    );
    if (kinds.some((kind) => kind === 'geo')) expect(statements).toContainEqual(countries);
  });

  it.each([
    [50, [50]],
    [51, [50, 1]],
    [120, [50, 50, 20]],
  ])('names %d countries in statements of at most 50, which AWS WAF takes', (count, sizes) => {
    const codes = Array.from({ length: count }, (_, index) => `C${index}`);
    const statements = admitted({ countries: codes, officeCidrs: [] }) ?? [];
    const groups = statements.map(
      (each) => (each as { geo_match_statement: { country_codes: string[] } }).geo_match_statement.country_codes,
    );
    expect(groups.map(({ length }) => length)).toEqual(sizes);
    expect(groups.flat()).toEqual(codes);
  });

  it('is not there when neither is named', () => {
    expect(admitted({ countries: [], officeCidrs: [] })).toBeUndefined();
    expect(made({ countries: [], officeCidrs: [] }).all('aws_wafv2_ip_set')).toEqual({});
  });

  it('lets health checks from abroad through', () => {
    expect(JSON.stringify(admitted({ healthPath: '/health' }))).toContain('"search_string":"/health"');
  });
});

describe('attack patterns and sizes', () => {
  it('count what requests of ours match, and block it by its label elsewhere', () => {
    const core = rules().AWSManagedRulesCommonRuleSet;
    const group = core?.statement.managed_rule_group_statement as Block;
    expect(core).toMatchObject({ override_action: { none: {} } });
    expect(group.rule_action_override).toContainEqual({
      name: 'EC2MetaDataSSRF_QUERYARGUMENTS',
      action_to_use: { count: {} },
    });
    expect(rules()['elsewhere-than-sign-in']).toMatchObject({ action: { block: {} } });
    const labels = JSON.stringify(rules()['elsewhere-than-sign-in']?.statement);
    expect(labels).toContain('"key":"awswaf:managed:aws:core-rule-set:EC2MetaDataSSRF_QueryArguments"');
  });

  it('allow the methods of the service and no other', () => {
    const { statement, action } = rules().methods ?? {};
    expect(action).toEqual({ block: {} });
    expect(JSON.stringify(statement).match(/"search_string":"\w+"/g)).toEqual(
      ['GET', 'POST', 'DELETE', 'OPTIONS', 'HEAD'].map((method) => `"search_string":"${method}"`),
    );
  });

  it('refuse bodies of a megabyte and headers of more than 8 KB', () => {
    expect(rules()['body-size']).toMatchObject({
      action: { block: {} },
      statement: {
        regex_match_statement: {
          regex_string: '^[0-9]{7,}$',
          field_to_match: { single_header: { name: 'content-length' } },
        },
      },
    });
    expect(rules()['header-size']).toMatchObject({
      action: { block: {} },
      statement: {
        size_constraint_statement: {
          comparison_operator: 'GT',
          size: 8192,
          field_to_match: { headers: { oversize_handling: 'MATCH' } },
        },
      },
    });
  });

  it('count suspicious agents under a metric of their own', () => {
    expect(rules()['suspicious-agents']).toMatchObject({
      action: { count: {} },
      visibility_config: { metric_name: 'suspicious-agents', cloudwatch_metrics_enabled: true },
    });
  });
});

describe('what the web ACL stops', () => {
  it('is logged without credentials, and ends', () => {
    expect(made().one('aws_cloudwatch_log_group')).toMatchObject({
      name: 'aws-waf-logs-marketing-mcp-edge',
      retention_in_days: 90,
    });
    expect(made().one('aws_wafv2_web_acl_logging_configuration')).toMatchObject({
      redacted_fields: ['authorization', 'cookie', 'x-platform-api-key'].map((name) => ({ single_header: { name } })),
      logging_filter: { default_behavior: 'DROP' },
    });
  });

  it('is stopped before the load balancer it protects', () => {
    const regional = made({ scope: 'REGIONAL', protects: 'arn:aws:elasticloadbalancing:::alb' });
    expect(regional.one('aws_wafv2_web_acl_association')).toMatchObject({
      resource_arn: 'arn:aws:elasticloadbalancing:::alb',
    });
    expect(made().all('aws_wafv2_web_acl_association')).toEqual({});
  });
});

/** https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html and the pages of the statements. */
const capacity = (statement: unknown): number => {
  if (Array.isArray(statement)) return statement.reduce((sum: number, part) => sum + capacity(part), 0);
  if (typeof statement !== 'object' || statement === null) return 0;
  const groups: Readonly<Record<string, number>> = {
    AWSManagedRulesAmazonIpReputationList: 25,
    AWSManagedRulesCommonRuleSet: 700,
    AWSManagedRulesKnownBadInputsRuleSet: 200,
    AWSManagedRulesSQLiRuleSet: 200,
  };
  const own: Readonly<Record<string, (fields: Block) => number>> = {
    managed_rule_group_statement: ({ name }) => groups[String(name)] ?? Number.NaN,
    rate_based_statement: ({ custom_key }) => 2 + 30 * (Array.isArray(custom_key) ? custom_key.length : 0),
    label_match_statement: () => 1,
    byte_match_statement: () => 2,
    regex_match_statement: () => 3,
    size_constraint_statement: () => 1,
    geo_match_statement: () => 1,
    ip_set_reference_statement: () => 1,
    text_transformation: (fields) => (JSON.stringify(fields).includes('LOWERCASE') ? 10 : 0),
  };
  return Object.entries(statement).reduce(
    (sum, [kind, fields]) => sum + (own[kind]?.(fields as Block) ?? 0) + capacity(fields),
    0,
  );
};

describe('what the rules cost WAF', () => {
  it.each([
    ['Countersign', countersignSurfaces],
    ['a custom image', customSurfaces('/health')],
  ])('stays within the 1,500 capacity units that a web ACL has without a surcharge, for %s', (_, surfaces) => {
    const all = Object.values(rules({ surfaces, healthPath: '/health' }));
    const units = all.reduce((sum, { statement }) => sum + capacity(statement), 0);
    expect(units).toBeGreaterThan(1125);
    expect(units).toBeLessThanOrEqual(1500);
  });
});
