/**
 * Rules of the web ACL. A statement is typed `any` by the provider's bindings, so it is written as Terraform wants it,
 * in snake_case: other names are dropped or refused only when Terraform reads them.
 */
import type { Wafv2WebAclRule } from '@cdktf/provider-aws/lib/wafv2-web-acl/index.js';
import { longerThan } from './longer-than.ts';
import { type ManagedGroup, managedGroups, type Surface } from './managed-rules.ts';
import type { SurfacePaths } from './surfaces.ts';

export interface RuleProps {
  /** Requests a minute of one address, without those to webhooks; with the full rules, without those to `toolPath` too. */
  readonly ratePerMinute: number;
  /** Requests a minute to `toolPath` and below that carry one Authorization header and come from one address. */
  readonly toolRatePerMinute: number;
  /** Requests a minute of one address to `toolPath` and what is below it, whatever they carry. */
  readonly toolRatePerAddress: number;
  readonly toolPath: string;
  readonly surfaces: SurfacePaths;
  /** What senders post to webhooks, each with a rate and a size of its own. Default: none. */
  readonly webhooks?: readonly WebhookBounds[];
  /** Two-letter codes. Empty: no country is refused. */
  readonly countries: readonly string[];
  /** ARN of the set of addresses that may come from anywhere. */
  readonly officeSetArn?: string | undefined;
  /** Path that answers wherever a request comes from, for health checks from abroad. Default: none. */
  readonly healthPath?: string | undefined;
  readonly maxBodyBytes: number;
  readonly maxHeaderBytes: number;
  /** Header that holds the caller's address, where the connection comes from API Gateway. Default: the connection's. */
  readonly addressHeader?: string | undefined;
}

export interface WebhookBounds {
  readonly path: string;
  /** Messages a minute of one address. */
  readonly ratePerMinute: number;
  readonly mostBytes: number;
}

type Statement = Readonly<Record<string, unknown>>;
/** A rule before it has a place among the others. */
export type WebAclRule = Omit<Wafv2WebAclRule, 'priority'>;

const allowedMethods = ['GET', 'POST', 'DELETE', 'OPTIONS', 'HEAD'];
const scanners =
  'sqlmap|nikto|nmap|masscan|zgrab|nuclei|wpscan|acunetix|nessus|openvas|dirbuster|gobuster|ffuf|feroxbuster|hydra|havij';

export const suspiciousAgents = 'suspicious-agents';

const rule = (
  name: string,
  effect: Pick<WebAclRule, 'action' | 'overrideAction'>,
  statement: Statement,
): WebAclRule => ({
  name,
  ...effect,
  statement,
  visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: name, sampledRequestsEnabled: true },
});
const block = { action: { block: {} } };
const tooMany = {
  action: { block: { customResponse: { responseCode: 429, responseHeader: [{ name: 'retry-after', value: '60' }] } } },
};
const untransformed = { text_transformation: [{ priority: 0, type: 'NONE' }] };
const lowerCase = { text_transformation: [{ priority: 0, type: 'LOWERCASE' }] };
const not = (statement: Statement): Statement => ({ not_statement: { statement: [statement] } });
const anyOf = (statements: readonly Statement[]): Statement => {
  const [only, ...others] = statements;
  return only !== undefined && others.length === 0 ? only : { or_statement: { statement: statements } };
};
const singleHeader = (name: string): Statement => ({ field_to_match: { single_header: { name } } });

const path = (search_string: string, positional_constraint: 'EXACTLY' | 'STARTS_WITH'): Statement => ({
  byte_match_statement: { search_string, positional_constraint, field_to_match: { uri_path: {} }, ...lowerCase },
});

/** Whose requests are counted together. */
const aggregation = (addressHeader: string | undefined, keyHeader: string | undefined): Statement => {
  const forwarded = addressHeader !== undefined;
  if (keyHeader === undefined) return { aggregate_key_type: forwarded ? 'FORWARDED_IP' : 'IP' };
  // A request without the header has no such key, and is not counted here.
  return {
    aggregate_key_type: 'CUSTOM_KEYS',
    custom_key: [forwarded ? { forwarded_ip: {} } : { ip: {} }, { header: { name: keyHeader, ...untransformed } }],
  };
};

const rate = (limit: number, { addressHeader }: RuleProps, scope?: Statement, keyHeader?: string): Statement => ({
  rate_based_statement: {
    limit,
    evaluation_window_sec: 60,
    ...aggregation(addressHeader, keyHeader),
    // A request without the header did not come through the API.
    ...(addressHeader !== undefined && {
      forwarded_ip_config: { header_name: addressHeader, fallback_behavior: 'MATCH' },
    }),
    ...(scope !== undefined && { scope_down_statement: scope }),
  },
});

/** One of AWS's rule groups. What is not simply blocked is counted; `elsewhere` blocks it by its label. */
const managed = ([name, { rules }]: readonly [string, ManagedGroup]): WebAclRule => {
  const counted = Object.keys(rules).filter((rule) => rules[rule]?.treatment !== 'block');
  return rule(
    name,
    { overrideAction: { none: {} } },
    {
      managed_rule_group_statement: {
        vendor_name: 'AWS',
        name,
        ...(counted.length > 0 && {
          rule_action_override: counted.map((counting) => ({ name: counting, action_to_use: { count: {} } })),
        }),
      },
    },
  );
};

/** Labels of what is blocked except on some surfaces, by those surfaces. */
const exceptions = (): ReadonlyMap<string, { surfaces: readonly Surface[]; labels: string[] }> => {
  const found = new Map<string, { surfaces: readonly Surface[]; labels: string[] }>();
  for (const { namespace, rules } of Object.values(managedGroups))
    for (const { label, treatment } of Object.values(rules)) {
      if (typeof treatment === 'string') continue;
      const name = `elsewhere-than-${treatment.join('-and-')}`.replace('signIn', 'sign-in');
      const entry = found.get(name) ?? { surfaces: treatment, labels: [] };
      entry.labels.push(`${namespace}:${label}`);
      found.set(name, entry);
    }
  return found;
};

/** On a path itself, or below one that ends with a slash. Not in lower case: routes have one spelling, others get 404. */
const onPath = (search_string: string): Statement => ({
  byte_match_statement: {
    search_string,
    positional_constraint: search_string.endsWith('/') ? 'STARTS_WITH' : 'EXACTLY',
    field_to_match: { uri_path: {} },
    ...untransformed,
  },
});

const elsewhere = ({ surfaces: paths }: RuleProps): WebAclRule[] =>
  [...exceptions()].map(([name, { surfaces, labels }]) => {
    const exempt = [...new Set(surfaces.flatMap((surface) => paths[surface]))];
    const labelled = anyOf(labels.map((key) => ({ label_match_statement: { scope: 'LABEL', key } })));
    return rule(name, block, {
      and_statement: { statement: [labelled, ...exempt.map((spared) => not(onPath(spared)))] },
    });
  });

const attackPatterns = (props: RuleProps): WebAclRule[] => [
  ...Object.entries(managedGroups).map(managed),
  ...elsewhere(props),
];

/** "Member must have length less than or equal to 50": https://github.com/cloudposse/terraform-aws-waf/issues/32 */
const mostCountries = 50;

const inGroups = (all: readonly string[], size: number): (readonly string[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, group) => all.slice(group * size, (group + 1) * size));

const origins = ({ countries, officeSetArn, addressHeader }: RuleProps): Statement[] => {
  // Here no match means no admission.
  const forwarded = addressHeader !== undefined && { header_name: addressHeader, fallback_behavior: 'NO_MATCH' };
  return [
    ...(officeSetArn === undefined
      ? []
      : [
          {
            ip_set_reference_statement: {
              arn: officeSetArn,
              ...(forwarded && { ip_set_forwarded_ip_config: { ...forwarded, position: 'FIRST' } }),
            },
          },
        ]),
    ...inGroups(countries, mostCountries).map((country_codes) => ({
      geo_match_statement: { country_codes, ...(forwarded && { forwarded_ip_config: forwarded }) },
    })),
  ];
};

const geography = (props: RuleProps): WebAclRule[] => {
  const admitted = origins(props);
  if (admitted.length === 0) return [];
  const health = props.healthPath === undefined ? [] : [path(props.healthPath, 'EXACTLY')];
  return [rule('geography', block, not(anyOf([...admitted, ...health])))];
};

const methods = (): WebAclRule =>
  rule(
    'methods',
    block,
    not(
      anyOf(
        allowedMethods.map((search_string) => ({
          byte_match_statement: {
            search_string,
            positional_constraint: 'EXACTLY',
            field_to_match: { method: {} },
            ...untransformed,
          },
        })),
      ),
    ),
  );

const longerBody = (bytes: number): Statement => ({
  regex_match_statement: {
    regex_string: longerThan(bytes),
    ...singleHeader('content-length'),
    ...untransformed,
  },
});

const allOf = (statements: readonly Statement[]): Statement => ({ and_statement: { statement: statements } });

/** The webhooks' sizes are known, so each is held to its own and not to the general one. */
const bodySize = ({ maxBodyBytes, webhooks = [] }: RuleProps): WebAclRule[] => {
  const elsewhere = webhooks.map(({ path: own }) => not(onPath(own)));
  const sizes = [...new Set(webhooks.map(({ mostBytes }) => mostBytes))];
  return [
    rule(
      'body-size',
      block,
      webhooks.length === 0 ? longerBody(maxBodyBytes) : allOf([longerBody(maxBodyBytes), ...elsewhere]),
    ),
    ...sizes.map((bytes) => {
      const own = webhooks.filter(({ mostBytes }) => mostBytes === bytes).map(({ path: on }) => onPath(on));
      return rule(`webhook-size-${bytes}`, block, allOf([longerBody(bytes), anyOf(own)]));
    }),
  ];
};

const onWebhooks = ({ webhooks = [] }: RuleProps): Statement | undefined =>
  webhooks.length === 0 ? undefined : anyOf(webhooks.map(({ path: own }) => onPath(own)));

/** The general rate, without what has a rate of its own. */
const generalRate = (props: RuleProps, others: readonly Statement[]): WebAclRule => {
  const scope = others.length === 0 ? undefined : not(anyOf(others));
  return rule('rate', tooMany, rate(props.ratePerMinute, props, scope));
};

/** One host may send to all of them: Alertmanager and a script beside it. */
const webhookRate = (props: RuleProps): WebAclRule[] => {
  const scope = onWebhooks(props);
  const limit = (props.webhooks ?? []).reduce((sum, { ratePerMinute }) => sum + ratePerMinute, 0);
  return scope === undefined ? [] : [rule('webhook-rate', tooMany, rate(limit, props, scope))];
};

const headerSize = ({ maxHeaderBytes }: RuleProps): WebAclRule =>
  rule('header-size', block, {
    size_constraint_statement: {
      comparison_operator: 'GT',
      size: maxHeaderBytes,
      // It reads 8 KB; what is beyond counts as a match.
      field_to_match: {
        headers: { match_pattern: { all: {} }, match_scope: 'ALL', oversize_handling: 'MATCH' },
      },
      ...untransformed,
    },
  });

const agents = (): WebAclRule =>
  rule(
    suspiciousAgents,
    { action: { count: {} } },
    { regex_match_statement: { regex_string: scanners, ...singleHeader('user-agent'), ...lowerCase } },
  );

const listOf = (statement: Statement | undefined): Statement[] => (statement === undefined ? [] : [statement]);

/** A rate limit and AWS's groups. */
export const basicRules = (props: RuleProps): WebAclRule[] => [
  generalRate(props, listOf(onWebhooks(props))),
  ...webhookRate(props),
  ...attackPatterns(props),
];

/**
 * Rates, geography, attack patterns and methods, sizes, suspicious agents. Tool calls are counted apart from the rest, or
 * the general rate would be theirs too. They are counted by token: a company behind one NAT gateway, and everybody who
 * uses Claude's cloud, come from one address. Nothing has checked the token yet, so the address has a ceiling besides.
 */
export const fullRules = (props: RuleProps): WebAclRule[] => {
  const tools = path(props.toolPath, 'STARTS_WITH');
  return [
    generalRate(props, [tools, ...listOf(onWebhooks(props))]),
    ...webhookRate(props),
    rule('tool-rate', tooMany, rate(props.toolRatePerMinute, props, tools, 'authorization')),
    rule('tool-rate-of-address', tooMany, rate(props.toolRatePerAddress, props, tools)),
    ...geography(props),
    ...attackPatterns(props),
    methods(),
    ...bodySize(props),
    headerSize(props),
    agents(),
  ];
};
