/** From what a tfvars file holds to the settings of each region, or everything that is wrong with it. */
import type { z } from 'zod';
import { type GivenSettings, regionalSettings, type SettingName, settingNames, settings } from './index.ts';
import type { SettingProblem } from './problem.ts';
import { resolveSettings, type Settings } from './resolve.ts';
import { settingRules } from './rules.ts';

/** What a tfvars file holds, as JSON. */
export type RawSettings = Readonly<Record<string, unknown>>;

export type ParsedSettings =
  | { readonly ok: true; readonly regions: readonly Settings[] }
  | { readonly ok: false; readonly problems: readonly SettingProblem[] };

const isSetting = (name: string): name is SettingName => Object.hasOwn(settings, name);

/** Letters to add, drop or change to make one word of another (Levenshtein). */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const above = row;
    row = [i + 1];
    for (const [j, wanted] of [...other].entries())
      row.push(Math.min((above[j] ?? 0) + (letter === wanted ? 0 : 1), (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
  }
  return row.at(-1) ?? 0;
};

/** The known name that an unknown one most likely stands for. */
const nearest = (name: string): string | undefined => {
  const [best] = settingNames.map((known) => ({ known, far: distance(name, known) })).toSorted((a, b) => a.far - b.far);
  return best !== undefined && best.far <= name.length / 2 ? best.known : undefined;
};

const unknownKeys = (raw: RawSettings): SettingProblem[] =>
  Object.keys(raw)
    .filter((name) => !isSetting(name))
    .map((name) => {
      const known = nearest(name);
      return {
        setting: name,
        problem: `is no setting${known === undefined ? '' : `; did you mean ${known}?`} See docs/settings.md`,
      };
    });

/** What is wrong with a key of a map stands inside its issue. */
const messageOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join('; ') : issue.message;

const parseEach = (raw: RawSettings): { given: GivenSettings; problems: SettingProblem[] } => {
  const given: Partial<Record<SettingName, unknown>> = {};
  const problems: SettingProblem[] = [];
  for (const name of settingNames) {
    const result = settings[name].schema.safeParse(raw[name]);
    if (result.success) given[name] = result.data;
    else if (raw[name] === undefined)
      problems.push({ setting: name, problem: `is required: give ${settings[name].example}` });
    else
      for (const issue of result.error.issues)
        problems.push({ setting: [name, ...issue.path.map(String)].join('.'), problem: messageOf(issue) });
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

/** The settings of one region, and what is wrong with them. A problem names the place it stands in the file. */
const parseRegion = (raw: RawSettings, given: GivenSettings, region: string): RegionParsed => {
  const own = given.region_settings[region] ?? {};
  const parsed = parseEach(ofRegion(raw, given, region));
  // The state and its bucket belong to the environment, not to the region.
  const settings = { ...resolveSettings(parsed.given), state_region: given.state_region ?? given.regions[0] ?? region };
  const broken = parsed.problems.length > 0 ? [] : settingRules.map((rule) => rule(settings));
  const suffix = given.regions.length > 1 ? ` (in ${region})` : '';
  const problems = [...parsed.problems, ...broken.filter((problem) => problem !== undefined)].map((problem) => {
    const here = Object.hasOwn(own, problem.setting.split('.')[0] ?? '');
    return {
      setting: here ? `region_settings.${region}.${problem.setting}` : problem.setting,
      problem: problem.problem + suffix,
    };
  });
  return { settings, problems: [...notRegional(own, region), ...problems] };
};

/**
 * Checks every setting alone, then what must hold between them, for each region.
 * The primary region's settings come first; in each, `regions[0]` is the region itself.
 */
export const parseSettings = (raw: RawSettings): ParsedSettings => {
  const { given, problems } = parseEach(raw);
  const first = [...unknownKeys(raw), ...problems];
  if (first.length > 0) return { ok: false, problems: first };
  const parsed = given.regions.map((region) => parseRegion(raw, given, region));
  const later = [...strayRegions(given), ...parsed.flatMap((region) => region.problems)];
  return later.length > 0
    ? { ok: false, problems: later }
    : { ok: true, regions: parsed.map((region) => region.settings) };
};
