/** docs/web-acl.md: what becomes of each of AWS's managed rules, and which requests of ours it matches. */
import { legitimateRequests } from '../modules/web-acl/legitimate-requests.ts';
import { type ManagedRule, managedGroups, type Treatment, unusedGroups } from '../modules/web-acl/managed-rules.ts';
import { models } from '../modules/web-acl/matching.ts';
import { countersignSurfaces } from '../modules/web-acl/surfaces.ts';

const surfaceNames = {
  signIn: 'sign-in',
  words: 'words',
  programs: 'programs',
} as const;

const treated = (treatment: Treatment): string => {
  if (treatment === 'block') return 'blocked';
  if (treatment === 'count') return 'counted';
  return `blocked, but counted on ${treatment.map((surface) => surfaceNames[surface]).join(' and ')}`;
};

const matchedBy = (rule: string): string => {
  const found = legitimateRequests.filter((request) => models[rule]?.(request)).map(({ what }) => what);
  const [first, ...others] = found;
  if (first === undefined) return 'none';
  return others.length === 0 ? first : `${first}; ${others.length} more`;
};

const row = ([name, { matches, treatment, reason }]: readonly [string, ManagedRule]): string =>
  `| \`${name}\` | ${matches.replaceAll('|', '\\|')} | ${matchedBy(name)} | ${treated(treatment)} | ${reason} |`;

const section = (group: string, rules: Readonly<Record<string, ManagedRule>>): string[] => [
  `## ${group}`,
  '',
  '| rule | matches | requests of ours that match | so it is | because |',
  '|---|---|---|---|---|',
  ...Object.entries(rules).map(row),
  '',
];

const surfaces = {
  signIn: 'OAuth endpoints and sign-in. Their requests name loopback addresses and carry long codes.',
  words: 'Bodies that hold what agents and approvers write.',
  programs: 'What is called without a browser.',
} as const;

export const webAclReference = (): string =>
  [
    '# The web ACL and our own requests',
    '',
    'Generated from `modules/web-acl/` by `npm run docs`; do not edit.',
    '',
    'AWS’s managed rules are made for websites. Some match requests that must reach an MCP server: Claude Code, the Inspector',
    'and mcp-remote name `http://127.0.0.1:<port>` while they sign in, and a tool call may hold any text. Such a rule is only',
    'counted inside its group, which leaves a label, and a rule of ours blocks that label everywhere but where it is needed.',
    '',
    `${legitimateRequests.length} requests of ours, from \`modules/web-acl/legitimate-requests.ts\`, are held against every rule by a model of what AWS`,
    'says that it matches. AWS publishes no patterns and nothing emulates WAF, so the model takes each rule wider than it is',
    'described. What a real web ACL stops stands in its log: look there after the first days.',
    '',
    '| surface | paths | what it is |',
    '|---|---|---|',
    ...(['signIn', 'words', 'programs'] as const).map(
      (surface) =>
        `| ${surfaceNames[surface]} | ${countersignSurfaces[surface].map((path) => `\`${path}\``).join(' ')} | ${surfaces[surface]} |`,
    ),
    '',
    'A path that ends with a slash stands for what is below it. With `container = "custom"` sign-in is `/authorize`, `/token`,',
    '`/register`, `/revoke`, `/callback` and what is below `/oauth/`, `/oauth2/` and `/auth/`.',
    '',
    '## Rates',
    '',
    '| rule | counts | limit | because |',
    '|---|---|---|---|',
    '| `rate` | one address; with `waf = "full"` without `/mcp` | `waf_rate_per_minute` | An office behind one NAT gateway is one address. The service limits each browser and each person itself, so this is a ceiling for floods. |',
    '| `webhook-rate` | one address, on the webhooks of packs, which the general rate leaves out | their rates in the contracts | A sender of alerts posts many times a minute from one address. |',
    '| `tool-rate` | one address with one Authorization header, on `/mcp` | `waf_tool_rate_per_minute` | Everybody who uses Claude in the cloud comes from a few addresses; the token tells them apart. |',
    '| `tool-rate-of-address` | one address, on `/mcp` | `waf_tool_rate_per_address` | WAF checks no token: a sender could make up a new one for every request. |',
    '',
    ...Object.entries(managedGroups).flatMap(([group, { rules }]) => section(group, rules)),
    '## Groups that are not used',
    '',
    '| group | because |',
    '|---|---|',
    ...Object.entries(unusedGroups).map(([group, reason]) => `| \`${group}\` | ${reason} |`),
    '',
    'Sources: [baseline groups](https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html),',
    '[use-case specific groups](https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-use-case.html),',
    '[IP reputation groups](https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-ip-rep.html),',
    '[labels](https://docs.aws.amazon.com/waf/latest/developerguide/waf-labels.html),',
    '[aggregation of rates](https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-aggregation-options.html);',
    'reports of the same: [nx-plugin-for-aws 1016](https://github.com/awslabs/nx-plugin-for-aws/pull/1016),',
    '[expense-budget-tracker 280](https://github.com/kirill-markin/expense-budget-tracker/pull/280),',
    '[opencode 31033](https://github.com/anomalyco/opencode/pull/31033).',
    '',
  ].join('\n');
