/** `npm run environments`: which environments there are, by looking. Workflows take their names from here. */
import { type Cutover, cutoverOf } from '../contracts/settings/cutover.ts';
import { type EnvironmentKind, environmentKinds } from '../contracts/settings/kind.ts';
import type { Settings } from '../contracts/settings/resolve.ts';
import { shapeOf } from '../contracts/settings/shape.ts';
import { EnvironmentError, environmentNames, isExample, readEnvironment } from '../modules/tfvars/read.ts';
import { table } from './operate/table.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { json } from './platform/options.ts';

/** An environment as its file tells of it, or why it cannot be used. */
type Listed = { readonly name: string } & (
  | { readonly problem: string }
  | {
      readonly file: string;
      /** Start of its stack names, and the name of its environment on GitHub. */
      readonly label: string;
      readonly environment: string;
      readonly kind: EnvironmentKind;
      readonly project: string;
      readonly account: string;
      readonly regions: readonly string[];
      /** Its load balancers come and go with the weekend. */
      readonly weekend: boolean;
      /** owner/name of the repository whose workflows plan and apply it. */
      readonly repository?: string | undefined;
      readonly processor: Settings['cpu_architecture'];
      /** Whose image it runs. */
      readonly container: Settings['container'];
      readonly colours: readonly string[];
      /** Between what npm run cutover moves its traffic; absent where a deployment does. */
      readonly cutover?: Cutover | undefined;
      /** A cutover keeps the way back open for hours, and is finished on a clock. */
      readonly holds: boolean;
    }
);

const listed = async (host: Host, name: string): Promise<Listed> => {
  try {
    const { file, label, regions } = await readEnvironment(host.root, name);
    const [settings] = regions;
    if (settings === undefined) return { name, problem: `${file} names no region.` };
    const { environment, kind, project_name, account_id, github_repository } = settings;
    return {
      name,
      file,
      label,
      environment,
      kind,
      project: project_name,
      account: account_id,
      regions: settings.regions,
      weekend: regions.some((each) => each.weekend_only && each.destroy_albs_when_scaled_down),
      repository: github_repository,
      processor: settings.cpu_architecture,
      container: settings.container,
      colours: shapeOf(settings).colours,
      cutover: cutoverOf(settings),
      holds: settings.cutover_hold_hours !== undefined,
    };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return { name, problem: error.message };
  }
};

/** What may be lost is planned and applied before what must be kept. */
const place = (each: Listed): number =>
  'problem' in each ? environmentKinds.length : environmentKinds.indexOf(each.kind);

export const environments = defineCommand({
  name: 'environments',
  summary: 'Lists the environments there are files of, dev before staging before prod.',
  notes: 'A new environment is a new file in environments/. Its name is that of the file, unless it says otherwise.',
  exits: { 0: 'each can be used', 2: 'one cannot be used' },
  options: {
    examples: { type: 'boolean', description: 'Lists the examples too.' },
    json,
  },
  run: async (values, host) => {
    const names = (await environmentNames(host.root)).filter((name) => values.examples === true || !isExample(name));
    const found = (await Promise.all(names.map((name) => listed(host, name)))).toSorted((a, b) => place(a) - place(b));
    const rows = found.map((each) =>
      'problem' in each
        ? [each.name, 'cannot be used', '', '', '']
        : [each.name, each.kind, each.project, each.account, each.regions.join(', ')],
    );
    host.out(table(['name', 'kind', 'project', 'account', 'regions'], rows));
    for (const each of found) if ('problem' in each) host.err(`\n${each.problem}`);
    host.report(found);
    return found.some((each) => 'problem' in each) ? 2 : 0;
  },
});

await runAsProgram(import.meta.main, environments);
