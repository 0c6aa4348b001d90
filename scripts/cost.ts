/** `npm run cost -- --environment staging`: what the settings of an environment cost a month before anybody uses it. */
import { readEnvironment } from '../modules/tfvars/read.ts';
import { estimateOf, type RegionEstimate } from './cost/estimate.ts';
import { total } from './cost/line.ts';
import { asOf } from './cost/prices.ts';
import { plain } from './platform/colour.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during } from './platform/host.ts';
import { environment, json, region } from './platform/options.ts';
import { pickRegions } from './platform/regions.ts';

const money = (usd: number): string => usd.toFixed(2).padStart(9);

const budgetLine = (all: number, budget: number): string => {
  const share = `${Math.round((100 * all) / budget)} % of it is used before anybody calls.`;
  return all > budget
    ? `Over the budget: ${budget}; ${share} Choose smaller settings, or raise budget_usd.`
    : `Budget: ${budget}; ${share}`;
};

const print = (
  label: string,
  estimates: readonly RegionEstimate[],
  budget: number | undefined,
  { out, paint = plain }: Host,
): void => {
  for (const { region: name, lines } of estimates) {
    out(`${label}, ${name}: USD a month`);
    const width = Math.max(...lines.map(({ item, detail }) => `${item} (${detail})`.length));
    for (const { item, detail, usd } of lines) out(`  ${`${item} (${detail})`.padEnd(width)} ${money(usd)}`);
    out(`  ${'Total'.padEnd(width)} ${money(total(lines))}`);
    out('');
  }
  const all = total(estimates.flatMap(({ lines }) => lines));
  if (estimates.length > 1) out(`All regions: ${all.toFixed(2)}`);
  if (budget !== undefined) out(paint(all > budget ? 'bad' : 'good', budgetLine(all, budget)));
  out('Not in it, and what AWS gives for free (3 dashboards, 10 alarms and metrics an account) is not taken off:');
  for (const what of new Set(estimates.flatMap(({ leftOut }) => leftOut))) out(`  ${what}`);
  out(
    `On-demand list prices in us-east-1 of ${asOf}; other regions cost up to 30 % more. Check them before you quote.`,
  );
};

export const cost = defineCommand({
  name: 'cost',
  summary: 'Estimates what an environment costs a month by its settings, before anybody uses it. Needs no credentials.',
  exits: { 0: 'estimated', 2: 'more than budget_usd before anybody uses it' },
  options: { environment, region, json },
  run: async (values, host) => {
    const { label, regions } = await readEnvironment(host.root, values.environment ?? host.env.ENVIRONMENT);
    const all = await during(host, `Estimating ${label}`, () => estimateOf({ label, regions }));
    const estimates = pickRegions(label, values.region, all, (each) => each.region);
    const budget = regions[0]?.budget_usd;
    print(label, estimates, budget, host);
    host.report({ environment: label, asOf, budget, regions: estimates });
    const used = total(estimates.flatMap(({ lines }) => lines));
    return budget !== undefined && used > budget ? exitCodes.attention : exitCodes.done;
  },
});

await runAsProgram(import.meta.main, cost);
