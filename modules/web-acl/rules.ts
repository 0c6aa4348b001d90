/**
 * Rules of the web ACL. A statement is typed `any` by the provider's bindings, so it is written as Terraform wants it,
 * in snake_case: other names are dropped or refused only when Terraform reads them.
 */
import type { Wafv2WebAclRule } from '@cdktf/provider-aws/lib/wafv2-web-acl/index.js';
import { longerThan } from './longer-than.ts';

export interface RuleProps {
  /** Requests a minute of one address. */
  readonly ratePerMinute: number;
  /** Requests a minute of one address to `toolPath` and what is below it. */
  readonly toolRatePerMinute: number;
  readonly toolPath: string;
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

type Statement = Readonly<Record<string, unknown>>;
/** A rule before it has a place among the others. */
export type Rule = Omit<Wafv2WebAclRule, 'priority'>;

const allowedMethods = ['GET', 'POST', 'DELETE', 'OPTIONS', 'HEAD'];
const scanners =
  'sqlmap|nikto|nmap|masscan|zgrab|nuclei|wpscan|acunetix|nessus|openvas|dirbuster|gobuster|ffuf|feroxbuster|hydra|havij';

export const suspiciousAgents = 'suspicious-agents';

const rule = (name: string, effect: Pick<Rule, 'action' | 'overrideAction'>, statement: Statement): Rule => ({
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

const rate = (limit: number, { addressHeader }: RuleProps, scope?: Statement): Statement => ({
  rate_based_statement: {
    limit,
    evaluation_window_sec: 60,
    aggregate_key_type: addressHeader === undefined ? 'IP' : 'FORWARDED_IP',
    // A request without the header did not come through the API.
    ...(addressHeader !== undefined && {
      forwarded_ip_config: { header_name: addressHeader, fallback_behavior: 'MATCH' },
    }),
    ...(scope !== undefined && { scope_down_statement: scope }),
  },
});

/** One of AWS's rule groups; rules in `counted` only count. */
const managed = (name: string, counted: readonly string[] = []): Rule =>
  rule(
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

const attackPatterns = (): Rule[] => [
  managed('AWSManagedRulesAmazonIpReputationList'),
  managed('AWSManagedRulesCommonRuleSet', [
    // It would refuse what the body's own limit allows: the web ACL reads 8 or 16 KB.
    'SizeRestrictions_BODY',
    // Native clients register and name http://127.0.0.1:<port> as their redirect (RFC 8252 7.3).
    'GenericRFI_BODY',
    'GenericRFI_QUERYARGUMENTS',
  ]),
  managed('AWSManagedRulesKnownBadInputsRuleSet'),
  managed('AWSManagedRulesSQLiRuleSet'),
];

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
    ...(countries.length === 0
      ? []
      : [{ geo_match_statement: { country_codes: countries, ...(forwarded && { forwarded_ip_config: forwarded }) } }]),
  ];
};

const geography = (props: RuleProps): Rule[] => {
  const admitted = origins(props);
  if (admitted.length === 0) return [];
  const health = props.healthPath === undefined ? [] : [path(props.healthPath, 'EXACTLY')];
  return [rule('geography', block, not(anyOf([...admitted, ...health])))];
};

const methods = (): Rule =>
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

const bodySize = ({ maxBodyBytes }: RuleProps): Rule =>
  rule('body-size', block, {
    regex_match_statement: {
      regex_string: longerThan(maxBodyBytes),
      ...singleHeader('content-length'),
      ...untransformed,
    },
  });

const headerSize = ({ maxHeaderBytes }: RuleProps): Rule =>
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

const agents = (): Rule =>
  rule(
    suspiciousAgents,
    { action: { count: {} } },
    { regex_match_statement: { regex_string: scanners, ...singleHeader('user-agent'), ...lowerCase } },
  );

/** A rate limit and AWS's groups. */
export const basicRules = (props: RuleProps): Rule[] => [
  rule('rate', tooMany, rate(props.ratePerMinute, props)),
  ...attackPatterns(),
];

/**
 * Rates, geography, attack patterns and methods, sizes, suspicious agents. Tool calls are counted apart from the rest,
 * or the general rate would be theirs too.
 */
export const fullRules = (props: RuleProps): Rule[] => [
  rule('rate', tooMany, rate(props.ratePerMinute, props, not(path(props.toolPath, 'STARTS_WITH')))),
  rule('tool-rate', tooMany, rate(props.toolRatePerMinute, props, path(props.toolPath, 'STARTS_WITH'))),
  ...geography(props),
  ...attackPatterns(),
  methods(),
  bodySize(props),
  headerSize(props),
  agents(),
];
