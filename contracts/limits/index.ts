/** Every limit of AWS that a synthesized stack is held against, by the kind of resource. */
import { computeLimits } from './compute.ts';
import { edgeLimits } from './edge.ts';
import type { Limit, Rule } from './limit.ts';
import { nameLimits } from './names.ts';
import { networkLimits } from './network.ts';
import { operationLimits } from './operations.ts';
import { permissionLimits } from './permissions.ts';
import { storageLimits } from './storage.ts';
import { storeLimits } from './stores.ts';

/** Sections in the order of the reference. */
export const limitSections = [
  { title: 'Network, load balancers and instances', limits: networkLimits },
  { title: 'Host names and certificates', limits: nameLimits },
  { title: 'Containers and functions', limits: computeLimits },
  { title: 'State, secrets and backups', limits: [...storeLimits, ...storageLimits] },
  { title: 'Roles, policies and sign-in', limits: permissionLimits },
  { title: 'CloudFront, web ACLs and HTTP APIs', limits: edgeLimits },
  { title: 'Logs, alarms, messages and costs', limits: operationLimits },
] as const;

export const limits: readonly Limit[] = limitSections.flatMap((section) => section.limits);

const place = ({ type, at, per }: Limit): string =>
  [[type, ...at].join('.'), ...(per === undefined ? [] : [per])].join(' per ');

const limitsAt = Map.groupBy(limits, place);

/**
 * The limit of one place, such as `aws_lb.name`.
 * @param kind where a place has several
 * @throws when the table has none
 */
export const limitAt = <K extends Rule['kind']>(
  wanted: string,
  kind: K,
): Limit & { readonly rule: Extract<Rule, { kind: K }> } => {
  const found = limitsAt
    .get(wanted)
    ?.find((limit): limit is Limit & { readonly rule: Extract<Rule, { kind: K }> } => limit.rule.kind === kind);
  if (found === undefined) throw new Error(`there is no limit of ${kind} at ${wanted}`);
  return found;
};

/** How many items AWS takes there. */
export const mostAt = (wanted: string): number => limitAt(wanted, 'items').rule.items.max ?? Number.POSITIVE_INFINITY;
