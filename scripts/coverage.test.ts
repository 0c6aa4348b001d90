/** docs/coverage.md says what is: each setting has the value, each stack the resource, each file the test. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TerraformStack, Testing } from 'cdktf';
import { type SettingName, settingNames } from '../contracts/settings/index.ts';
import type { Settings } from '../contracts/settings/resolve.ts';
import { layers } from '../modules/stacks/environment.ts';
import { buildApp } from '../modules/stacks/synthesize.ts';
import { archives, readSynthesized, repository, type Synthesized, settingsOf } from '../modules/testing/synthesized.ts';
import { environmentNames, readDocument } from '../modules/tfvars/read.ts';
import {
  type EnvironmentClaim,
  environmentClaims,
  fulfilling,
  quoted,
  type Row,
  readRows,
  resourceClaim,
  type SettingClaim,
  settingClaim,
  testClaims,
  titlesIn,
} from './coverage.ts';

const read = (file: string): Promise<string> => readFile(join(repository, file), 'utf8');

interface Environment {
  readonly regions: readonly Settings[];
  /** Settings that its file gives itself, with the regions that have their own. */
  readonly given: Readonly<Record<string, unknown>>;
  /** By the end of its name, such as `eu-west-1-network`. */
  readonly stacks: ReadonlyMap<string, Synthesized>;
}

const open = async (name: string): Promise<Environment> => {
  const file = `environments/${name}.tfvars`;
  const regions = await settingsOf(name, { state_layout: 'layered' });
  // One state a layer, so that the stack of a resource is the layer that made it.
  const app = buildApp({ label: 'x', regions, target: { kind: 'aws' }, outdir: 'unused', archives });
  const stacks = app.node.children
    .filter((child) => child instanceof TerraformStack)
    .map((stack) => [stack.node.id.slice('x-'.length), readSynthesized(Testing.synth(stack))] as const);
  return { regions, given: (await readDocument(file, await read(file))).raw, stacks: new Map(stacks) };
};

const environments = new Map<string, Promise<Environment>>();
const environment = (name: string): Promise<Environment> => {
  const found = environments.get(name) ?? open(name);
  environments.set(name, found);
  return found;
};

const rows = readRows(await read('docs/coverage.md'));
/** The sections of names and of what is not there; every other row is of something that is. */
const unlike = ['Names', 'Not built'];
const built = rows.filter(({ section }) => !unlike.includes(section));
const cell = ({ cells }: Row, column: string): string => cells[column] ?? '';

const known = await environmentNames(repository);
const environmentsOf = (row: Row): EnvironmentClaim[] => environmentClaims(cell(row, 'environment'), known);

const valueAt = (settings: Settings, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name], settings);

const settingsIn = async ({ name, region }: EnvironmentClaim): Promise<Settings> => {
  const { regions } = await environment(name);
  const found = region === undefined ? regions[0] : regions.find((settings) => settings.regions[0] === region);
  if (found === undefined) throw new Error(`${name} has no region ${region}`);
  return found;
};

const isGiven = async ({ name, region }: EnvironmentClaim, setting: string): Promise<boolean> => {
  const { given } = await environment(name);
  const own = (given.region_settings as Readonly<Record<string, object>> | undefined)?.[region ?? ''] ?? {};
  return Object.hasOwn(given, setting) || Object.hasOwn(own, setting);
};

const contract = /^contract `(contracts\/[\w/-]+\.ts)`$/;
const claimsOf = (row: Row): SettingClaim[] =>
  contract.test(cell(row, 'setting')) ? [] : quoted(cell(row, 'setting')).map(settingClaim);

/** What is wrong with the settings a row names, in one environment. */
const wrongSettings = async (row: Row, claim: EnvironmentClaim): Promise<string[]> => {
  const settings = await settingsIn(claim);
  const byDefault = cell(row, 'environment').endsWith('by default');
  const problems = claimsOf(row).map(async ({ path, value }) => {
    const [name = ''] = path;
    const real = JSON.stringify(valueAt(settings, path));
    if (real !== JSON.stringify(value)) return [`${path.join('.')} is ${real} in ${claim.name}`];
    const given = await isGiven(claim, name);
    return given === byDefault ? [`${name} is ${given ? 'given' : 'a default'} in ${claim.name}`] : [];
  });
  return (await Promise.all(problems)).flat();
};

const stackOf = (row: Row): string => /^\w+/.exec(cell(row, 'stack'))?.[0] ?? '';
const isTerraform = (row: Row): boolean => ([...layers, 'access'] as readonly string[]).includes(stackOf(row));

const bindings = join(repository, 'node_modules/@cdktf/provider-aws/lib');

/** What is wrong with the resources a row names, in one environment. */
const wrongResources = async (row: Row, claim: EnvironmentClaim): Promise<string[]> => {
  const stack = stackOf(row);
  const { stacks } = await environment(claim.name);
  const [region] = (await settingsIn(claim)).regions;
  const synthesized = stacks.get(stack === 'access' ? stack : `${region}-${stack}`);
  if (synthesized === undefined) return [`${claim.name} has no stack ${stack}`];
  return quoted(cell(row, 'stack')).flatMap((text) => {
    const resource = resourceClaim(text);
    const { type, count } = resource;
    const data = type === 'aws_iam_policy_document';
    // Of a type that is misspelt there are none.
    if (!existsSync(join(bindings, type.replace('aws_', data ? 'data-aws-' : '').replaceAll('_', '-'))))
      return [`${type} is no type of resource`];
    const all = data ? synthesized.data(type) : synthesized.all(type);
    const { length } = fulfilling(resource, all);
    return (count === undefined ? length > 0 : length === count) ? [] : [`${text}: ${length} in ${claim.name}`];
  });
};

/** What is wrong with the files a row names that is no Terraform. */
const wrongFiles = (row: Row): string[] => {
  const files = quoted(cell(row, 'stack'));
  if (!['service', 'scripts', 'docs', 'ci'].includes(stackOf(row)) || files.length === 0) return ['names no stack'];
  return files.filter((file) => !existsSync(join(repository, file)));
};

const wrongTests = async (row: Row): Promise<string[]> => {
  const problems = testClaims(cell(row, 'test')).map(async ({ file, title }) => {
    if (!file.endsWith('.test.ts') || !existsSync(join(repository, file))) return [`${file} is no file of tests`];
    const titles = titlesIn(await read(file));
    const found = titles.includes(title) ? [title] : titles.filter((text) => text.includes(title));
    return found.length === 1 ? [] : [`${found.length} tests of ${file} are called ${title}`];
  });
  return (await Promise.all(problems)).flat();
};

type Wrong<T> = T | Promise<T>;
const each = async (of: readonly Row[], wrong: (row: Row) => Wrong<readonly string[]>): Promise<string[]> =>
  (await Promise.all(of.map(async (row) => (await wrong(row)).map((text) => `line ${row.line}: ${text}`)))).flat();
const inEach =
  (wrong: (row: Row, claim: EnvironmentClaim) => Promise<string[]>) =>
  async (row: Row): Promise<string[]> =>
    (await Promise.all(environmentsOf(row).map((claim) => wrong(row, claim)))).flat();

describe('every row', () => {
  it('has no empty cell', async () => {
    expect(await each(rows, ({ cells }) => Object.keys(cells).filter((name) => cells[name] === ''))).toEqual([]);
  });

  it('names a setting and the value it has, given there or by default', async () => {
    const unnamed = (row: Row): string[] => {
      const text = cell(row, 'setting');
      const [, file] = contract.exec(text) ?? [];
      if (file !== undefined) return existsSync(join(repository, file)) ? [] : [file];
      const claims = claimsOf(row);
      if (claims.length === 0) return ['always', 'none'].includes(text) ? [] : ['names no setting'];
      return claims.map(({ path: [name = ''] }) => name).filter((name) => !settingNames.includes(name as SettingName));
    };
    expect(await each(built, unnamed)).toEqual([]);
    expect(await each(built, inEach(wrongSettings))).toEqual([]);
  });

  it('names a stack, and what is there', async () => {
    const [made, others] = [built.filter(isTerraform), built.filter((row) => !isTerraform(row))];
    const nowhere = (row: Row) =>
      environmentsOf(row).length > 0 && quoted(cell(row, 'stack')).length > 0 ? [] : ['names no resource'];
    expect(await each(made, nowhere)).toEqual([]);
    expect(await each(made, inEach(wrongResources))).toEqual([]);
    expect(await each(others, wrongFiles)).toEqual([]);
  });

  it('names a test that there is', async () => {
    expect(await each(built, wrongTests)).toEqual([]);
  });
});

/** Sections, the folder of each system's settings, and the rows it had when its description was gone through. */
describe.each([
  ['Marketing', 'examples/marketing', 218],
  ['Alerts', 'examples/alerts', 96],
  ['Tag governance', 'examples/tag-governance', 97],
  ['Market data', 'examples/market-data', 57],
  ['Startup', 'examples/startup', 69],
])('%s', (section, folder, complete) => {
  // What an operator puts there: no figure of the system.
  const ofOperators = ['account_id', 'ami_id', 'control_reasons', 'hosted_zone_id', 'region_settings'];

  it('has lost no row', () => {
    expect(built.filter((row) => row.section === section).length).toBeGreaterThanOrEqual(complete);
  });

  it('has a row for every setting that its files give', async () => {
    const inRows = new Set(
      built
        .filter((row) => row.section === section || cell(row, 'system') === section)
        .flatMap((row) =>
          environmentsOf(row).flatMap(({ name }) => claimsOf(row).map(({ path }) => `${name} ${path[0]}`)),
        ),
    );
    const files = known.filter((name) => name.startsWith(folder));
    const inFiles = await Promise.all(
      files.map(async (name) => {
        const { given } = await environment(name);
        return Object.keys(given).map((setting) => ({ name, setting }));
      }),
    );
    const missing = inFiles
      .flat()
      .filter(({ name, setting }) => !ofOperators.includes(setting) && !inRows.has(`${name} ${setting}`));
    expect(files.length).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  });
});
