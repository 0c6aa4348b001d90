/** What a change costs, as Markdown for the comment on its pull request. */
import { z } from 'zod';
import { cents } from '../cost/line.ts';

/** USD a month by item, all regions together. */
const Items = z.record(z.string(), z.number());

export const CostDelta = z.object({
  environment: z.string(),
  /** Absent: there was no such file, or it cannot be read any more. */
  before: Items.optional(),
  /** Absent: the file is gone, or cannot be used. */
  after: Items.optional(),
  /** budget_usd after the change. */
  budget: z.number().optional(),
  /** Why there is no estimate of one side. */
  problems: z.array(z.string()),
});
export type CostDelta = z.infer<typeof CostDelta>;
export const CostDeltas = z.object({ costs: z.array(CostDelta) });

/** Sum of one side. */
export const sumOf = (items: CostDelta['before']): number =>
  cents(Object.values(items ?? {}).reduce((sum, usd) => sum + usd, 0));

const money = (usd: number): string => usd.toFixed(2);
const signed = (usd: number): string => (usd === 0 ? '0.00' : `${usd > 0 ? '+' : '-'}${money(Math.abs(usd))}`);

const sides = ({ before, after, problems }: CostDelta): [before: string, after: string, difference: string] => {
  if (before !== undefined && after !== undefined) {
    const difference = signed(cents(sumOf(after) - sumOf(before)));
    return [money(sumOf(before)), money(sumOf(after)), difference === '0.00' ? difference : `**${difference}**`];
  }
  const missing = (side: string, otherwise: string): string =>
    problems.some((problem) => problem.startsWith(side)) ? 'unknown' : otherwise;
  if (after !== undefined) {
    const what = missing('before', 'none');
    return [what, money(sumOf(after)), what === 'none' ? `**${signed(sumOf(after))}**` : 'unknown'];
  }
  if (before === undefined) return ['unknown', 'unknown', 'unknown'];
  const what = missing('after', 'none');
  return [money(sumOf(before)), what, what === 'none' ? `**${signed(-sumOf(before))}**` : 'unknown'];
};

const budgetText = ({ after, budget }: CostDelta): string => {
  if (budget === undefined) return 'none';
  if (after === undefined) return money(budget);
  return `${money(budget)}, ${Math.round((100 * sumOf(after)) / budget)} % used`;
};

const isOver = ({ after, budget }: CostDelta): boolean => budget !== undefined && sumOf(after) > budget;

/** Items whose sums differ, the largest difference first. */
const movers = ({ environment, before, after }: CostDelta): string[] => {
  if (before === undefined || after === undefined) return [];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((item) => ({ item, was: before[item] ?? 0, is: after[item] ?? 0 }))
    .filter(({ was, is }) => was !== is)
    .sort((a, b) => Math.abs(b.is - b.was) - Math.abs(a.is - a.was))
    .map(({ item, was, is }) => `- ${environment}: ${item} ${money(was)} → ${money(is)}`);
};

export const costText = (costs: readonly CostDelta[]): string => {
  if (costs.length === 0) return '';
  const over = costs.filter(isOver).map(({ environment }) => environment);
  const moved = costs.flatMap(movers);
  const problems = costs.flatMap(({ environment, problems: all }) => all.map((each) => `- ${environment}, ${each}`));
  return [
    '#### Cost a month, USD, before anybody calls',
    '',
    '| environment | before | after | difference | budget |',
    '| --- | ---: | ---: | ---: | --- |',
    ...costs.map((cost) => `| ${[cost.environment, ...sides(cost), budgetText(cost)].join(' | ')} |`),
    '',
    ...(over.length > 0 ? [`> [!WARNING]\n> More than the budget: ${over.join(', ')}.`, ''] : []),
    ...(moved.length > 0 ? [...moved, ''] : []),
    ...(problems.length > 0 ? [...problems, ''] : []),
  ].join('\n');
};
