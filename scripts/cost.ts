/** `npm run cost -- --environment staging`: what the settings of an environment cost a month before anybody uses it. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'cdktf';
import { TerraformStack } from 'cdktf';
import type { Settings } from '../contracts/settings/resolve.ts';
import { buildApp } from '../modules/stacks/synthesize.ts';
import { readEnvironment } from '../modules/tfvars/read.ts';
import { fromResources, type Resources } from './cost/from-resources.ts';
import { fromSettings } from './cost/from-settings.ts';
import { type Estimate, total } from './cost/line.ts';
import { asOf } from './cost/prices.ts';
import { functionArchives } from './platform/archives.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { during } from './platform/host.ts';
import { environment, json, region } from './platform/options.ts';
import { pickRegions } from './platform/regions.ts';

type Tree = {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
};

/** The resources of a region, whether in one stack or in one a layer. */
const resourcesIn = (app: App, start: string): Resources => {
  const trees = app.node.children
    .filter((node) => node instanceof TerraformStack)
    .filter(({ node: { id } }) => id === start || id.startsWith(`${start}-`))
    .map((stack) => stack.toTerraform() as Tree);
  return (type) => trees.flatMap(({ resource }) => Object.values(resource?.[type] ?? {}));
};

export interface RegionEstimate extends Estimate {
  readonly region: string;
}

const folder = join(tmpdir(), 'countersign-cost');

/**
 * The estimate of each region of an environment.
 * @param archives folder with the functions' archives, where the environment has any
 */
export const estimate = (label: string, regions: readonly Settings[], archives?: string): RegionEstimate[] => {
  const app = buildApp({ label, regions, target: { kind: 'offline', stateFolder: folder }, outdir: folder, archives });
  return regions.map((settings) => {
    const name = settings.regions[0] ?? '';
    const { lines, leftOut } = fromSettings(settings);
    return { region: name, lines: [...lines, ...fromResources(resourcesIn(app, `${label}-${name}`))], leftOut };
  });
};

const money = (usd: number): string => usd.toFixed(2).padStart(9);

const print = (
  label: string,
  estimates: readonly RegionEstimate[],
  budget: number | undefined,
  { out }: Host,
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
  if (budget !== undefined)
    out(`Budget: ${budget}; ${Math.round((100 * all) / budget)} % of it is used before anybody calls.`);
  out('Not in it, and what AWS gives for free (3 dashboards, 10 alarms and metrics an account) is not taken off:');
  for (const what of new Set(estimates.flatMap(({ leftOut }) => leftOut))) out(`  ${what}`);
  out(
    `On-demand list prices in us-east-1 of ${asOf}; other regions cost up to 30 % more. Check them before you quote.`,
  );
};

export const cost = defineCommand({
  name: 'cost',
  summary: 'Estimates what an environment costs a month by its settings, before anybody uses it. Needs no credentials.',
  exits: { 0: 'estimated' },
  options: { environment, region, json },
  run: async (values, host) => {
    const { label, regions } = await readEnvironment(host.root, values.environment ?? host.env.ENVIRONMENT);
    const all = await during(host, `Estimating ${label}`, async () =>
      estimate(label, regions, await functionArchives(regions, folder)),
    );
    const estimates = pickRegions(label, values.region, all, (each) => each.region);
    print(label, estimates, regions[0]?.budget_usd, host);
    host.report({ environment: label, asOf, regions: estimates });
    return 0;
  },
});

await runAsProgram(import.meta.main, cost);
