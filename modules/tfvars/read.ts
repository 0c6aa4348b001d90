/** Reads an environment's tfvars file. Every problem names the file, the line, the setting and the remedy. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean } from '../../contracts/nearest.ts';
import { parseSettings } from '../../contracts/settings/parse.ts';
import type { SettingProblem } from '../../contracts/settings/problem.ts';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { valuesIn } from './values.ts';

/** Something is wrong with the environment that was asked for; the message says all of it, one problem a line. */
export class EnvironmentError extends Error {
  override readonly name: string = 'EnvironmentError';
}

/** No environment was named, or one that there is not. */
export class UnknownEnvironment extends EnvironmentError {
  override readonly name = 'UnknownEnvironment';
}

export interface EnvironmentFile {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Start of its stack names: `staging`, or `alerts-prod` for examples/alerts/prod. */
  readonly label: string;
  /** The settings of each region, the primary one first. */
  readonly regions: readonly Settings[];
}

const folder = 'environments';

/** Names that `--environment` takes, such as staging and examples/alerts/prod. */
export const environmentNames = async (root: string): Promise<string[]> => {
  const files = await readdir(join(root, folder), { recursive: true });
  return files
    .filter((file) => file.endsWith('.tfvars'))
    .map((file) => file.slice(0, -'.tfvars'.length).replaceAll('\\', '/'))
    .sort();
};

const located = (file: string, line: number | undefined, message: string): string =>
  `  ${line === undefined ? file : `${file}:${line}`} ${message}`;

/** The line on which a setting, or the innermost part of it that can be found, is given. */
const lineOf = (text: string, setting: string): number | undefined => {
  const lines = text.split('\n');
  let from = -1;
  for (const part of setting.split('.')) {
    const pattern = new RegExp(`^\\s*"?${part.replaceAll(/[^\w]/g, '\\$&')}"?\\s*[=:]`);
    const found = lines.findIndex(
      (line, index) => index >= Math.max(from, 0) && (pattern.test(line) || line.includes(`{ ${part} =`)),
    );
    if (found < 0) break;
    from = found;
  }
  return from < 0 ? undefined : from + 1;
};

/** hcl2json leaves `${...}` as text; a tfvars file is data and evaluates nothing. */
const interpolations = (text: string): SettingProblem[] =>
  text.split('\n').flatMap((line) => {
    const setting = /^\s*"?([\w.-]+)"?\s*=/.exec(line)?.[1] ?? 'value';
    return /(?<!\$)\$\{|(?<!%)%\{/.test(line.replace(/^\s*(#|\/\/).*/, ''))
      ? [{ setting, problem: 'holds an interpolation; a tfvars file is data only: write the value itself' }]
      : [];
  });

const parseHcl = async (file: string, text: string): Promise<Record<string, unknown>> => {
  try {
    return await valuesIn(file, text);
  } catch (error) {
    const [, line, reason] =
      /:(\d+),[^:]*: (.*?)\]?$/s.exec(error instanceof Error ? error.message : String(error)) ?? [];
    throw new EnvironmentError(
      `The environment cannot be read:\n${located(file, line === undefined ? undefined : Number(line), `${reason ?? 'is no HCL'} Write settings as name = value.`)}`,
      { cause: error },
    );
  }
};

const report = (file: string, text: string, problems: readonly SettingProblem[]): EnvironmentError =>
  new EnvironmentError(
    [
      `The environment cannot be used:`,
      ...problems.map(({ setting, problem }) => located(file, lineOf(text, setting), `${setting} ${problem}`)),
    ].join('\n'),
  );

/** Reads text as the tfvars file `file`; see readEnvironment. */
export const readTfvars = async (file: string, text: string): Promise<readonly Settings[]> => {
  const raw = await parseHcl(file, text);
  const unevaluated = interpolations(text);
  if (unevaluated.length > 0) throw report(file, text, unevaluated);
  const parsed = parseSettings(raw);
  if (!parsed.ok) throw report(file, text, parsed.problems);
  return parsed.regions;
};

/**
 * @param root of the repository
 * @param name such as staging or examples/alerts/prod; undefined when nobody said
 * @throws EnvironmentError
 */
export const readEnvironment = async (root: string, name: string | undefined): Promise<EnvironmentFile> => {
  const known = await environmentNames(root);
  if (name === undefined || name === '')
    throw new UnknownEnvironment(
      `No environment given: set the variable ENVIRONMENT, or pass --environment to a command. There are ${known.join(', ')}.`,
    );
  if (!known.includes(name))
    throw new UnknownEnvironment(
      `There is no environment ${JSON.stringify(name)}${didYouMean(name, known) || '.'} There are ${known.join(', ')}. A new one is a file in ${folder}/.`,
    );
  const file = `${folder}/${name}.tfvars`;
  const text = await readFile(join(root, file), 'utf8');
  return {
    file,
    label: name.replace(/^examples\//, '').replaceAll('/', '-'),
    regions: await readTfvars(file, text),
  };
};
