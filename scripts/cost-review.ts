/** `npm run cost:review -- --environment prod`: what was spent, beside what was expected. */
import { estimateOf } from './cost/estimate.ts';
import { isDay, plusMonths, wholeUntil } from './operate/cost/days.ts';
import { reviewMarkdown, reviewText } from './operate/cost/report.ts';
import { reviewed } from './operate/cost/reviewed.ts';
import { dayOf } from './operate/days.ts';
import { callingAws, checkOperator, openOperated } from './operate/operated.ts';
import { defineCommand, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, nowOf } from './platform/host.ts';
import { environment, json } from './platform/options.ts';
import { UsageProblem } from './platform/problem.ts';
import { openReport } from './platform/report-file.ts';

/** Besides the present one. https://docs.aws.amazon.com/cost-management/latest/userguide/ce-exploring-data.html */
const MONTHS_KEPT = 13;

const endOf = (given: string | undefined, now: Date): string => {
  const end = given ?? wholeUntil(now);
  if (!isDay(end)) throw new UsageProblem(`--end is a day such as 2026-11-01, not ${end}.`);
  if (end > dayOf(now)) throw new UsageProblem(`--end ${end} has not come yet: the last it takes is ${dayOf(now)}.`);
  const first = plusMonths(dayOf(now), -MONTHS_KEPT);
  if (end <= first) throw new UsageProblem(`--end ${end} is too long ago: Cost Explorer keeps days from ${first} on.`);
  return end;
};

export const costReview = defineCommand({
  name: 'cost:review',
  summary: 'Compares what was spent this month with the estimate, the budget, the week before and the forecast.',
  notes: [
    'Cost Explorer is a day late, so the last reviewed day is the one before yesterday. Each page of its answer and the forecast cost 0.01 USD.',
    'With budget_scope environment, only costs tagged with the environment count; with account, all costs do.',
  ].join('\n'),
  exits: {
    0: 'within the budget',
    2: 'more of the budget is spent than the first of budget_alert_percents, all of it is forecast to be, or nothing is counted',
  },
  options: {
    environment,
    end: {
      type: 'string',
      value: 'DAY',
      description: 'First day that is not reviewed, such as 2026-11-01 for October. Default: what is complete.',
    },
    report: { type: 'string', value: 'FILE', description: 'Also writes the review to this file, as Markdown.' },
    json,
  },
  run: async (values, host) => {
    const now = nowOf(host);
    const end = endOf(values.end, now);
    const write = values.report === undefined ? undefined : await openReport('report', values.report);
    const operated = await openOperated(host, values);
    await checkOperator(host, operated);
    const { environment: name, label, deployments } = operated;
    const regions = deployments.map(({ settings }) => settings);
    const estimates = await during(host, `Estimating ${name}`, () => estimateOf({ label, regions }));
    const review = await during(host, 'Asking Cost Explorer', () =>
      callingAws(operated, () => reviewed(operated, estimates, { end, now })),
    );
    host.out(reviewText(review));
    await write?.(reviewMarkdown(review));
    host.report(review);
    return review.verdict === 'attention' ? exitCodes.attention : exitCodes.done;
  },
});

await runAsProgram(import.meta.main, costReview);
