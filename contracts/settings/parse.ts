/** From what a tfvars file holds to the settings of each region, or everything that is wrong with it. */
import type { z } from 'zod';
import { didYouMean } from '../nearest.ts';
import { type GivenSettings, regionalSettings, type SettingName, settingNames, settings } from './index.ts';
import { toldKind } from './kind.ts';
import { plainMessage } from './message.ts';
import type { SettingProblem } from './problem.ts';
import { resolveSettings, type Settings } from './resolve.ts';
import { settingRules } from './rules.ts';

/** What a tfvars file holds, as JSON. */
export type RawSettings = Readonly<Record<string, unknown>>;

export type ParsedSettings =
  | { readonly ok: true; readonly regions: readonly Settings[] }
  | { readonly ok: false; readonly problems: readonly SettingProblem[] };

const isSetting = (name: string): name is SettingName => Object.hasOwn(settings, name);

const unknownKeys = (raw: RawSettings): SettingProblem[] =>
  Object.keys(raw)
    .filter((name) => !isSetting(name))
    .map((name) => ({
      setting: name,
      problem: `is no setting${didYouMean(name, settingNames) || '.'} See docs/settings.md`,
    }));

const partOf = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

/** Of a choice, the value that was meant. */
const meantIn = (issue: z.core.$ZodIssue, value: unknown): string => {
  const given = issue.path.reduce(partOf, value);
  if (issue.code !== 'invalid_value' || typeof given !== 'string') return '';
  return didYouMean(
    given,
    issue.values.filter((choice) => typeof choice === 'string'),
  );
};

/** What is wrong with a key of a map stands inside its issue. */
const messageOf = (issue: z.core.$ZodIssue, value: unknown): string =>
  issue.code === 'invalid_key'
    ? issue.issues.map(({ message }) => message).join('; ')
    : `${issue.message}${meantIn(issue, value)}`;

const parseEach = (raw: RawSettings): { given: GivenSettings; problems: SettingProblem[] } => {
  const given: Partial<Record<SettingName, unknown>> = {};
  const problems: SettingProblem[] = [];
  for (const name of settingNames) {
    const result = settings[name].schema.safeParse(raw[name], { error: plainMessage });
    if (result.success) given[name] = result.data;
    else if (raw[name] === undefined)
      problems.push({ setting: name, problem: `is required: give ${settings[name].example}` });
    else
      for (const issue of result.error.issues)
        problems.push({ setting: [name, ...issue.path.map(String)].join('.'), problem: messageOf(issue, raw[name]) });
  }
  return { given: given as GivenSettings, problems };
};

const notRegional = (raw: RawSettings, region: string): SettingProblem[] =>
  Object.keys(raw)
    .filter((name) => !(regionalSettings as readonly string[]).includes(name))
    .map((name) => ({
      setting: `region_settings.${region}.${name}`,
      problem: `cannot differ between regions; these can: ${regionalSettings.join(', ')}`,
    }));

/** The file with one region's own settings in place; the region comes first in `regions`. */
const ofRegion = (raw: RawSettings, given: GivenSettings, region: string): RawSettings => ({
  ...raw,
  ...given.region_settings[region],
  regions: [region, ...given.regions.filter((other) => other !== region)],
});

const strayRegions = ({ regions, region_settings }: GivenSettings): SettingProblem[] =>
  Object.keys(region_settings)
    .filter((region) => !regions.includes(region))
    .map((region) => ({
      setting: `region_settings.${region}`,
      problem: 'is no region of this environment: add it to regions',
    }));

interface RegionParsed {
  readonly settings: Settings;
  readonly problems: readonly SettingProblem[];
}

/** Nobody wrote prod, in the file or its name, so it is said why it is. */
const taken = (problem: string, environment: string): string =>
  /\bin prod\b/.test(problem)
    ? `${problem}. Without kind, ${environment} is taken for prod: set kind if it is not`
    : problem;

/** The settings of one region, and what is wrong with them. A problem names the place it stands in the file. */
const parseRegion = (raw: RawSettings, given: GivenSettings, region: string): RegionParsed => {
  const own = given.region_settings[region] ?? {};
  const parsed = parseEach(ofRegion(raw, given, region));
  // The state and its bucket belong to the environment, not to the region.
  const primary_region = given.regions[0] ?? region;
  const settings = {
    ...resolveSettings(parsed.given),
    state_region: given.state_region ?? primary_region,
    primary_region,
  };
  const broken = parsed.problems.length > 0 ? [] : settingRules.map((rule) => rule(settings));
  const suffix = given.regions.length > 1 ? ` (in ${region})` : '';
  const assumed = given.kind === undefined && toldKind(settings.environment) === undefined;
  const problems = [...parsed.problems, ...broken.filter((problem) => problem !== undefined)].map((problem) => {
    const here = Object.hasOwn(own, problem.setting.split('.')[0] ?? '');
    return {
      setting: here ? `region_settings.${region}.${problem.setting}` : problem.setting,
      problem: (assumed ? taken(problem.problem, settings.environment) : problem.problem) + suffix,
    };
  });
  return { settings, problems: [...notRegional(own, region), ...problems] };
};

/** What is wrong with the name of an environment, where its file gives it. */
const ofFile = ({ setting, problem }: SettingProblem): SettingProblem => ({
  setting,
  problem:
    setting === 'environment' ? `${problem}. It is the name of the file: rename it, or set environment` : problem,
});

const unnamed: SettingProblem = { setting: 'environment', problem: 'is required: give "eu-prod"' };

/**
 * Checks every setting alone, then what must hold between them, for each region.
 * The primary region's settings come first; in each, `regions[0]` is the region itself.
 * @param file what the environment is called unless it says otherwise
 */
export const parseSettings = (settings: RawSettings, file?: string): ParsedSettings => {
  const byFile = settings.environment === undefined;
  const raw = byFile ? { ...settings, environment: file } : settings;
  const { given, problems } = parseEach(raw);
  const first = [...unknownKeys(raw), ...(byFile ? problems.map(ofFile) : problems)];
  if (raw.environment === undefined) first.push(unnamed);
  if (first.length > 0) return { ok: false, problems: first };
  const parsed = given.regions.map((region) => parseRegion(raw, given, region));
  const later = [...strayRegions(given), ...parsed.flatMap((region) => region.problems)];
  return later.length > 0
    ? { ok: false, problems: later }
    : { ok: true, regions: parsed.map((region) => region.settings) };
};
