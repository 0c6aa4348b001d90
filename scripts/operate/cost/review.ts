/** What was spent, beside what was expected: pure, so that figures can be tried without AWS. */
import type { Settings } from '../../../contracts/settings/resolve.ts';
import type { RegionEstimate } from '../../cost/estimate.ts';
import { cents, total } from '../../cost/line.ts';
import { billedUnder } from '../../cost/services.ts';
import { type Amount, amountOfUsd, sumOf, usdOf } from './amount.ts';
import { costIn, type Daily, type Days, dailyOf, togetherOf } from './daily.ts';
import { daysIn } from './days.ts';
import { type Answer, type Forecast, USD_A_PAGE } from './explorer.ts';
import { type Spike, spikesIn } from './spikes.ts';
import { WEEK, type Window } from './window.ts';

const MOVERS = 5;

/** USD, each of it rounded to cents for itself. */
export interface Costs {
  /** Of the month so far. */
  readonly actual: number;
  /** The estimate of a month, as far as the month is over. Undefined: nothing of the service is estimated. */
  readonly estimate?: number | undefined;
  readonly week: number;
  readonly weekBefore: number;
}

export interface ServiceCosts extends Costs {
  readonly service: string;
}

export interface Review {
  readonly environment: string;
  readonly window: Window;
  /** The costliest first. */
  readonly services: readonly ServiceCosts[];
  readonly total: Costs;
  readonly budget?: { readonly usd: number; readonly usedPercent: number; readonly tellAtPercent: number } | undefined;
  /** Whose week differs most from the week before. */
  readonly movers: readonly { readonly service: string; readonly changeUsd: number }[];
  /** What the month will have cost at its end. */
  readonly forecast: { readonly usd: number } | { readonly why: string };
  /** What was spent on services of which nothing is estimated, and what no estimate of a service has in it. */
  readonly notEstimated: {
    readonly usd: number;
    readonly services: readonly string[];
    readonly what: readonly string[];
  };
  /** Spent in this month on what has no tag Environment. Counted with budget_scope account alone. */
  readonly untaggedUsd: number;
  readonly spikes: readonly Spike[];
  readonly notices: readonly string[];
  /** What asking cost. */
  readonly askingUsd: number;
  readonly verdict: 'within' | 'attention';
}

export interface ToReview {
  readonly name: string;
  readonly settings: Pick<Settings, 'budget_alert_percents' | 'budget_scope' | 'budget_usd' | 'environment'>;
  readonly window: Window;
  /** The day on which it is reviewed. */
  readonly today: string;
  readonly answer: Answer;
  readonly forecast: Forecast;
  readonly estimates: readonly RegionEstimate[];
}

/** The share of the month's estimate that is due by now, by service. */
const estimatedOf = ({ estimates, window }: ToReview): ReadonlyMap<string, number> => {
  const share = daysIn(window.soFar) / daysIn(window.month);
  const lines = Map.groupBy(
    estimates.flatMap((each) => each.lines),
    ({ item }): string => billedUnder[item],
  );
  return new Map([...lines].map(([service, of]) => [service, cents(total(of) * share)]));
};

/** Days that Cost Explorer has not got the whole of yet cost as much as those of the week. */
const monthEnd = ({ window, today, forecast }: ToReview, soFar: Amount, week: Amount): Review['forecast'] => {
  if (today >= window.month.end) return { usd: usdOf(soFar) };
  if ('why' in forecast) return forecast;
  const late = BigInt(daysIn({ start: window.soFar.end, end: today }));
  return { usd: usdOf(soFar + (week * late) / BigInt(WEEK) + forecast.amount) };
};

const noticesOf = ({ settings, answer }: ToReview, ours: number): string[] => {
  if (answer.spent.length === 0)
    return ['Cost Explorer answers no costs at all: they show a day after Cost Explorer was enabled.'];
  if (settings.budget_scope === 'account' || ours > 0) return [];
  return [
    `No cost has the tag Environment = ${settings.environment}: activate Project and Environment as cost allocation tags in the billing console, or nothing counts and no budget sends a message.`,
  ];
};

const budgetOf = ({ settings }: ToReview, soFar: Amount): Review['budget'] => {
  const { budget_usd: usd, budget_alert_percents: percents } = settings;
  if (usd === undefined) return undefined;
  const tellAtPercent = percents.length === 0 ? 100 : Math.min(...percents);
  return { usd, usedPercent: Number((soFar * 1000n) / amountOfUsd(usd)) / 10, tellAtPercent };
};

/** Exact, for sums and comparisons. */
interface Exact {
  readonly service: string;
  readonly actual: Amount;
  readonly week: Amount;
  readonly before: Amount;
  readonly estimate: number | undefined;
}

const exactOf = (daily: Daily, estimated: ReadonlyMap<string, number>, { soFar, week, before }: Window): Exact[] =>
  [...new Set([...daily.keys(), ...estimated.keys()])].map((service) => {
    const days: Days = daily.get(service) ?? new Map();
    return {
      service,
      actual: costIn(days, soFar),
      week: costIn(days, week),
      before: costIn(days, before),
      estimate: estimated.get(service),
    };
  });

const costliestFirst = (services: readonly Exact[]): ServiceCosts[] =>
  services
    .map(({ service, actual, week, before, estimate }) => ({
      service,
      actual: usdOf(actual),
      estimate,
      week: usdOf(week),
      weekBefore: usdOf(before),
    }))
    .toSorted((a, b) => b.actual - a.actual || a.service.localeCompare(b.service));

const moversOf = (services: readonly Exact[]): Review['movers'] =>
  services
    .map(({ service, week, before }) => ({ service, changeUsd: usdOf(week - before) }))
    .filter(({ changeUsd }) => changeUsd !== 0)
    .toSorted((a, b) => Math.abs(b.changeUsd) - Math.abs(a.changeUsd))
    .slice(0, MOVERS);

const restOf = (services: readonly Exact[], estimates: readonly RegionEstimate[]): Review['notEstimated'] => {
  const rest = services.filter(({ actual, estimate }) => estimate === undefined && actual !== 0n);
  return {
    usd: usdOf(sumOf(rest.map(({ actual }) => actual))),
    services: rest.map(({ service }) => service).toSorted(),
    what: [...new Set(estimates.flatMap(({ leftOut }) => leftOut))],
  };
};

/** As the budget itself tells: a share of it is spent, or all of it will be. */
const isOver = (budget: Review['budget'], soFar: Amount, forecast: Review['forecast']): boolean => {
  if (budget === undefined) return false;
  const { usd, tellAtPercent } = budget;
  if (soFar * 100n > amountOfUsd(usd) * BigInt(tellAtPercent)) return true;
  return 'usd' in forecast && forecast.usd > usd;
};

export const reviewOf = (to: ToReview): Review => {
  const { name: environment, settings, window, answer, estimates } = to;
  const counted = settings.budget_scope === 'account';
  const ours = answer.spent.filter((each) => counted || each.environment === settings.environment);
  const untagged = answer.spent.filter((each) => each.environment === '');
  const daily = dailyOf(ours);
  const together = togetherOf(daily);
  const [soFar, week] = [costIn(together, window.soFar), costIn(together, window.week)];
  const estimated = estimatedOf(to);
  const services = exactOf(daily, estimated, window);
  const budget = budgetOf(to, soFar);
  const forecast = monthEnd(to, soFar, week);
  const notices = noticesOf(to, ours.length);
  return {
    environment,
    window,
    services: costliestFirst(services),
    total: {
      actual: usdOf(soFar),
      estimate: cents([...estimated.values()].reduce((sum, each) => sum + each, 0)),
      week: usdOf(week),
      weekBefore: usdOf(costIn(together, window.before)),
    },
    budget,
    movers: moversOf(services),
    forecast,
    notEstimated: restOf(services, estimates),
    untaggedUsd: usdOf(costIn(togetherOf(dailyOf(untagged)), window.soFar)),
    spikes: spikesIn(daily, window.week),
    notices,
    askingUsd: cents((answer.pages + (to.today < window.month.end ? 1 : 0)) * USD_A_PAGE),
    verdict: isOver(budget, soFar, forecast) || notices.length > 0 ? 'attention' : 'within',
  };
};
