/** A review for people: on a terminal, and as Markdown for an issue or a summary. */
import { table } from '../table.ts';
import { plusDays } from './days.ts';
import type { Costs, Review } from './review.ts';
import type { Spike } from './spikes.ts';

const money = (usd: number): string => usd.toFixed(2);
const change = (usd: number): string => `${usd > 0 ? '+' : ''}${money(usd)}`;

const headings = ['service', 'so far', 'estimate', 'week', 'week before'] as const;

const rowOf = (name: string, { actual, estimate, week, weekBefore }: Costs): string[] => [
  name,
  money(actual),
  estimate === undefined ? '-' : money(estimate),
  money(week),
  money(weekBefore),
];

const rowsOf = ({ services, total }: Review): string[][] => [
  ...services.map(({ service, ...costs }) => rowOf(service, costs)),
  rowOf('All', total),
];

const titleOf = ({ environment, window: { soFar } }: Review): string =>
  `${environment}, ${soFar.start} to ${plusDays(soFar.end, -1)}: USD`;

export const spikeText = ({ day, service = 'all services', usd, usualUsd }: Spike): string =>
  `${day} ${service}: ${money(usd)}, and ${money(usualUsd)} is usual`;

const budgetText = ({ budget, total: { actual } }: Review): string =>
  budget === undefined
    ? 'No budget: budget_usd is not set.'
    : `Budget: ${money(budget.usd)}. ${money(actual)} is ${budget.usedPercent.toFixed(1)} % of it; the admins are told over ${budget.tellAtPercent} %.`;

const forecastText = ({ forecast, budget }: Review): string => {
  if ('why' in forecast) return `Forecast: none. ${forecast.why}.`;
  const share = budget === undefined ? '' : `, ${((100 * forecast.usd) / budget.usd).toFixed(1)} % of the budget`;
  return `Forecast for the end of the month: ${money(forecast.usd)}${share}.`;
};

/** What follows the table, a line each. */
const remarksOf = (review: Review): string[] => {
  const { movers, notEstimated, untaggedUsd, spikes, notices, askingUsd } = review;
  const moved = movers.map(({ service, changeUsd }) => `${service} ${change(changeUsd)}`);
  const rest = notEstimated.services.length === 0 ? '' : `: ${notEstimated.services.join(', ')}`;
  return [
    ...notices,
    budgetText(review),
    forecastText(review),
    `Moved most against the week before: ${moved.length === 0 ? 'nothing' : moved.join(', ')}.`,
    ...spikes.map((spike) => `Spike: ${spikeText(spike)}. npm run cost:spike -- --environment ${review.environment}`),
    `Not estimated: ${money(notEstimated.usd)}${rest}.`,
    ...(untaggedUsd === 0 ? [] : [`Without the tag Environment: ${money(untaggedUsd)}.`]),
    `Asking Cost Explorer cost ${money(askingUsd)}. Its figures are a day late; each is rounded separately.`,
  ];
};

/** Which parts of a bill no estimate has in it. */
const leftOutOf = ({ notEstimated: { what } }: Review): string => `No estimate includes: ${what.join('; ')}.`;

export const reviewText = (review: Review): string =>
  [titleOf(review), table(headings, rowsOf(review)), '', ...remarksOf(review), leftOutOf(review)].join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|');

export const reviewMarkdown = (review: Review): string => {
  const { verdict } = review;
  const lines = [headings.map(String), headings.map((_, index) => (index === 0 ? '---' : '---:')), ...rowsOf(review)];
  return [
    `### Costs of ${titleOf(review)}${verdict === 'attention' ? ' — needs attention' : ''}`,
    '',
    ...lines.map((cells) => `| ${cells.map(cell).join(' | ')} |`),
    '',
    ...remarksOf(review).map((line) => `- ${line}`),
    '',
    `<details><summary>Not estimated</summary>\n\n${leftOutOf(review)}\n\n</details>`,
    '',
  ].join('\n');
};
