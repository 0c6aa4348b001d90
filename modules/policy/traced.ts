/** From a value that breaks a policy back to the settings it is made of. */
import type { Breach, Origin } from './view.ts';

/** Where settings stand, and what they are. */
export interface Settled {
  /** All settings of the environment in its region, by name. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** File and line of a setting, such as `environments/dev.tfvars:12`; undefined where the file does not give it. */
  readonly place?: ((setting: string) => string | undefined) | undefined;
}

/** Every name begins with one of these unless a setting gives it whole. */
const starts = ['name_prefix', 'project_name', 'environment'] as const;

/** `names.cluster` is the entry of a map. */
const givenAt = (settings: Settled['settings'], path: string): unknown => {
  const [name = '', ...rest] = path.split('.');
  const value = settings[name];
  if (rest.length === 0) return value;
  return typeof value === 'object' && value !== null ? (value as Settled['settings'])[rest.join('.')] : undefined;
};

const wordsOf = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(wordsOf);
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, item]) => [key, ...wordsOf(item)]);
  return value === undefined ? [] : [String(value)];
};

/** Settings that a value is made of; of a count, those that are given, the largest first. */
export const settingsBehind = ({ settings: candidates, value }: Origin, { settings }: Settled): readonly string[] => {
  const given = candidates.filter((path) => wordsOf(givenAt(settings, path)).length > 0);
  if (value === '') {
    const size = (path: string) => JSON.stringify(givenAt(settings, path)).length;
    return given.toSorted((one, other) => size(other) - size(one));
  }
  const whole = given.find((path) => path.startsWith('names.') && value.startsWith(String(givenAt(settings, path))));
  if (whole !== undefined) return [whole];
  return [...given, ...starts].filter((path) =>
    wordsOf(givenAt(settings, path)).some((word) => word !== '' && value.includes(word)),
  );
};

/** Kinds whose names do not end with them unless they are given whole. */
const otherwise = ['names.load-balancer', 'names.log-group', 'names.target-group', 'names.task-family'];

/** Whether the value is what a kind is called without a whole name, so that giving one helps. */
const isCalledBy = (setting: string, { value }: Origin, { settings }: Settled): boolean => {
  const [names, kind] = setting.split('.');
  if (names !== 'names' || givenAt(settings, setting) !== undefined) return false;
  return otherwise.includes(setting) || value.startsWith(`${String(settings.name_prefix)}-${kind}`);
};

/** `: give names.cache, or change name_prefix (environments/dev.tfvars:9). See ...`, of the page that says so. */
export const advice = ({ from }: Breach, settled: Settled): string => {
  if (from === undefined) return '';
  const behind = settingsBehind(from, settled);
  const placed = behind.map((setting) => ({ setting, place: settled.place?.(setting) }));
  const inFile = placed.filter(({ place }) => place !== undefined);
  const named = (inFile.length > 0 ? inFile : placed)
    .slice(0, 3)
    .map(({ setting, place }) => (place === undefined ? setting : `${setting} (${place})`));
  const whole = from.settings.find((setting) => !behind.includes(setting) && isCalledBy(setting, from, settled));
  const ways = [
    ...(named.length === 0 ? [] : [`change ${named.join(' or ')}`]),
    ...(whole === undefined ? [] : [`give ${whole}`]),
  ];
  const sentences = [...(from.remedy === undefined ? [] : [from.remedy]), `See ${from.source}`];
  return `${ways.length > 0 ? `: ${ways.join(', or ')}` : ''}. ${sentences.join(' ')}`;
};
