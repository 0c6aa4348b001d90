/** What to do first about a scan's violations, by what it brings. Pure. */
import { plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { type Counts, ratio } from '../scan/score.ts';
import { valueNamed } from '../suggest/words.ts';
import type { ViolationGroup } from './violation-groups.ts';

export interface Recommendation {
  readonly action: string;
  readonly resources: number;
  /** The score once it is done; null where there is nothing to judge. */
  readonly projectedScore: number | null;
  readonly usd: number;
}

const MOST = 5;

/** `prod` on 12 resources: the policy's value is production. */
const corrections = ({ values, allowedValues }: ViolationGroup): string => {
  const said = values.flatMap(({ value, resources }) => {
    const meant = valueNamed(value, allowedValues ?? []);
    return meant === undefined ? [] : [`“${clean(value)}” on ${plural(resources, 'resource')} is probably ${meant}`];
  });
  return said.length === 0 ? '' : ` ${said.join('; ')}.`;
};

const actionOf = (group: ViolationGroup): string => {
  const of = plural(group.resources, 'resource');
  const tag = clean(group.tagName);
  if (group.violationType === 'missing_required_tag')
    return `Set ${tag} on ${of} that lack it. suggest_tags proposes values; preview_bulk_tagging shows what they bring.`;
  const wrong =
    group.violationType === 'invalid_value' ? 'values that the policy does not allow' : 'values of another form';
  return `Correct ${tag} on ${of} that have ${wrong}.${corrections(group)}`;
};

/** The groups that lower the score, those first that make most resources compliant by themselves. */
export const recommendations = (groups: readonly ViolationGroup[], { total, compliant }: Counts): Recommendation[] =>
  groups
    .filter(({ severity }) => severity === 'error')
    .toSorted((a, b) => b.sole - a.sole || b.usd - a.usd || b.resources - a.resources)
    .slice(0, MOST)
    .map((group) => ({
      action: actionOf(group),
      resources: group.resources,
      projectedScore: total === 0 ? null : ratio(compliant + group.sole, total),
      usd: group.usd,
    }));
