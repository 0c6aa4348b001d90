/**
 * Puts a request to the rules of a synthesized web ACL, one after the other, as WAF does: the first rule that blocks
 * ends it, and one that counts leaves its label. Managed rules match by the model in web-acl/matching.ts. Rates are not
 * reached and everybody comes from an admitted country.
 */
import { managedGroups } from '../web-acl/managed-rules.ts';
import { models } from '../web-acl/matching.ts';
import type { WebRequest } from '../web-acl/request.ts';
import type { Block } from './synthesized.ts';

interface Rule extends Block {
  readonly name: string;
  readonly priority: number;
  readonly statement: Block;
  readonly action?: { readonly block?: object };
}

const fieldOf = (field: Block, { method, path, headers }: WebRequest): string => {
  if ('method' in field) return method;
  if ('uri_path' in field) return path;
  if ('single_header' in field) return headers[(field.single_header as { name: string }).name] ?? '';
  if ('headers' in field)
    return Object.entries(headers)
      .map((header) => header.join(''))
      .join('');
  throw new Error(`no such field: ${JSON.stringify(field)}`);
};

type Matcher = (fields: Block, request: WebRequest, labels: ReadonlySet<string>) => boolean;
type Nested = { readonly statement: readonly Block[] };

const byteMatch: Matcher = ({ search_string, positional_constraint, field_to_match, text_transformation }, request) => {
  const lower = JSON.stringify(text_transformation).includes('LOWERCASE');
  const text = fieldOf(field_to_match as Block, request);
  const value = lower ? text.toLowerCase() : text;
  return positional_constraint === 'EXACTLY'
    ? value === search_string
    : positional_constraint === 'STARTS_WITH' && value.startsWith(String(search_string));
};

const matchers: Readonly<Record<string, Matcher>> = {
  and_statement: (fields, ...rest) => (fields as unknown as Nested).statement.every((one) => matches(one, ...rest)),
  or_statement: (fields, ...rest) => (fields as unknown as Nested).statement.some((one) => matches(one, ...rest)),
  not_statement: (fields, ...rest) => !(fields as unknown as Nested).statement.some((one) => matches(one, ...rest)),
  label_match_statement: ({ key }, _request, labels) => labels.has(String(key)),
  byte_match_statement: byteMatch,
  regex_match_statement: ({ regex_string, field_to_match }, request) =>
    new RegExp(String(regex_string)).test(fieldOf(field_to_match as Block, request)),
  size_constraint_statement: ({ size, field_to_match }, request) =>
    Buffer.byteLength(fieldOf(field_to_match as Block, request)) > Number(size),
  geo_match_statement: () => true,
  ip_set_reference_statement: () => true,
  rate_based_statement: () => false,
};

const matches = (statement: Block, request: WebRequest, labels: ReadonlySet<string>): boolean =>
  Object.entries(statement).every(([kind, fields]) => {
    const matcher = matchers[kind];
    if (matcher === undefined) throw new Error(`no such statement: ${kind}`);
    return matcher(fields as Block, request, labels);
  });

/** The managed rule that blocks, if one does. Labels of those that count are added. */
const askGroup = (statement: Block, request: WebRequest, labels: Set<string>): string | undefined => {
  const { name, rule_action_override = [] } = statement.managed_rule_group_statement as Block & { name: string };
  const counted = (rule_action_override as Block[]).map((override) => override.name);
  const group = managedGroups[name];
  if (group === undefined) throw new Error(`no such group: ${name}`);
  for (const [rule, { label }] of Object.entries(group.rules)) {
    if (models[rule]?.(request) !== true) continue;
    if (!counted.includes(rule)) return `${name}/${rule}`;
    labels.add(`${group.namespace}:${label}`);
  }
  return undefined;
};

/** What blocks a request, or undefined where nothing does. @param acl an aws_wafv2_web_acl */
export const blockedBy = (acl: Block, request: WebRequest): string | undefined => {
  const labels = new Set<string>();
  for (const { name, statement, action } of [...(acl.rule as Rule[])].sort((a, b) => a.priority - b.priority)) {
    const managed = 'managed_rule_group_statement' in statement;
    const blocked = managed
      ? askGroup(statement, request, labels)
      : action?.block !== undefined && matches(statement, request, labels)
        ? name
        : undefined;
    if (blocked !== undefined) return blocked;
  }
  return undefined;
};
