/** Reads an environment's tfvars file. Every problem names the file, the line, the setting and the remedy. */
import { parseSettings } from '../../contracts/settings/parse.ts';
import type { SettingProblem } from '../../contracts/settings/problem.ts';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { type Claims, noticesOf, refuseTwins } from './conflicts.ts';
import { type Document, marks } from './document.ts';
import { unreadable, unusable } from './error.ts';
import { environmentPaths, findEnvironment, pathOf, readText } from './files.ts';
import { readHcl } from './hcl.ts';
import { readJson } from './json.ts';

export { EnvironmentError, UnknownEnvironment } from './error.ts';
export { environmentNames, isExample } from './files.ts';

export interface EnvironmentFile {
  /** What `--environment` takes: staging, examples/alerts/prod. */
  readonly name: string;
  /** Path from the root of the repository. */
  readonly file: string;
  /** Start of its stack names: `staging`, or `alerts-prod` for examples/alerts/prod. */
  readonly label: string;
  /** The settings of each region, the primary one first. */
  readonly regions: readonly Settings[];
  /** Finds out, when what is made of a setting is refused, where it stands. */
  readonly places: () => Promise<PlaceOf>;
  /** What may be meant, and will not work if it is not. */
  readonly notices: readonly string[];
}

/** `environments/dev.tfvars:12` of a setting, or of the innermost part of it that stands in the file. */
export type PlaceOf = (setting: string) => string | undefined;

/** Reads text as data. @throws EnvironmentError where it is no HCL, or no JSON in a file that ends in .json */
export const readDocument = async (file: string, text: string): Promise<Document> => {
  // Editors on Windows begin a file with a byte order mark.
  const plain = text.replace(/^\uFEFF/, '');
  try {
    return await (file.endsWith('.json') ? readJson(file, plain) : readHcl(file, plain));
  } catch (error) {
    // The stack of calls is full.
    if (!(error instanceof RangeError)) throw error;
    throw unreadable(file, undefined, 'is nested too deeply: no setting has more than four levels.', error);
  }
};

/** What reads as data and would not be what comes out: markers that cdktf replaces, and names that JavaScript drops. */
const lost = (value: unknown, setting: string): SettingProblem[] => {
  if (typeof value === 'string')
    return marks(value) ? [{ setting, problem: 'holds TfToken[, a marker of cdktf: write the value itself' }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const own = setting === '' ? name : `${setting}.${name}`;
    // Assigned to an object, it sets the prototype; https://tc39.es/ecma262/#sec-object.prototype.__proto__
    if (name === '__proto__') return [{ setting: own, problem: 'is a name that would be dropped: choose another one' }];
    return [...lost(name, setting), ...lost(part, own)];
  });
};

/** Reads text as the file `file`; see readEnvironment. */
export const readTfvars = async (file: string, text: string): Promise<readonly Settings[]> =>
  settingsIn(file, await readDocument(file, text));

const settingsIn = async (file: string, { raw, problems, lines }: Document): Promise<readonly Settings[]> => {
  const unevaluated = [...problems, ...lost(raw, '')];
  if (unevaluated.length > 0) throw unusable(file, unevaluated, await lines());
  const parsed = parseSettings(raw, pathOf(file).environment);
  if (!parsed.ok) throw unusable(file, parsed.problems, await lines());
  return parsed.regions;
};

const readBefore = new Map<string, Promise<readonly Settings[]>>();

/** As readTfvars, each text once: of several environments that are read, each looks at all the others. */
const readOnce = (file: string, text: string): Promise<readonly Settings[]> => {
  const key = `${file}\n${text}`;
  const settings = readBefore.get(key) ?? readTfvars(file, text);
  readBefore.set(key, settings);
  return settings;
};

/** The others that can be used; what cannot be used takes nothing from anybody, and is refused when it can. */
const othersOf = async (root: string, own: Claims): Promise<Claims[]> => {
  const others = (await environmentPaths(root)).filter(({ file }) => file !== own.file);
  const read = others.map(async ({ file }) => ({ file, regions: await readOnce(file, await readText(root, file)) }));
  return (await Promise.allSettled(read)).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
};

/**
 * @param root of the repository
 * @param name such as staging or examples/alerts/prod; undefined when nobody said
 * @throws EnvironmentError, also where another file would make the same things
 */
export const readEnvironment = async (root: string, name: string | undefined): Promise<EnvironmentFile> => {
  const { name: known, file, label } = await findEnvironment(root, name);
  const document = await readDocument(file, await readText(root, file));
  const places = async (): Promise<PlaceOf> => {
    const lineOf = await document.lines();
    return (setting) => {
      const line = lineOf(setting);
      return line === undefined ? undefined : `${file}:${line}`;
    };
  };
  const own = { name: known, file, label, regions: await settingsIn(file, document), places };
  const others = await othersOf(root, own);
  refuseTwins(own, others);
  return { ...own, notices: noticesOf(own, others) };
};
