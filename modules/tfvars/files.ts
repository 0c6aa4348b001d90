/** The files of environments, and the names they give. Nothing else lists environments. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { didYouMean } from '../../contracts/nearest.ts';
import { EnvironmentError, UnknownEnvironment, unreadable } from './error.ts';

const folder = 'environments';
// The longer ending first: both end in it.
const endings = ['.tfvars.json', '.tfvars'] as const;

const endingOf = (path: string): string => endings.find((ending) => path.endsWith(ending)) ?? '';

/** Whether a path is that of an environment's settings. Hidden files of an editor are not. */
export const isSettingsFile = (path: string): boolean => endingOf(path) !== '' && !basename(path).startsWith('.');

export interface EnvironmentPath {
  /** What `--environment` takes: staging, examples/alerts/prod; my-env for "my env". */
  readonly name: string;
  /** Path from the root of the repository. */
  readonly file: string;
  /** Start of its stack names: `staging`, or `alerts-prod` for examples/alerts/prod. */
  readonly label: string;
  /** What the environment is called unless its file says otherwise: `staging`, `prod`. Empty where the file tells none. */
  readonly environment: string;
}

/** Lower-case letters, digits and hyphens, because stacks and resources are called after it. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** Shipped for reading and copying; commands that take every environment leave them out. */
export const isExample = (name: string): boolean => name.startsWith('examples/');

const stemOf = (file: string): string => file.slice(`${folder}/`.length, -endingOf(file).length);

/** @param file path from the root of the repository */
export const pathOf = (file: string): EnvironmentPath => {
  const stem = stemOf(file);
  const own = stem.replace(/^examples\//, '');
  const label = slug(own);
  // A name stands in commands that are told to be run: a space would end it.
  const name = /^[\w./-]+$/.test(stem) ? stem : label;
  return { name, file, label, environment: slug(isExample(stem) ? basename(own) : own) };
};

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'must not be read by this user: change its permissions.',
  EPERM: 'must not be read by this user: change its permissions.',
  EISDIR: 'is a folder: settings are one file.',
  ENOENT: 'is a link to a file that is not there.',
  ELOOP: 'is a link that leads back to itself.',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'is not UTF-8: save it in that encoding.',
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';

/** Every file of an environment, sorted by name. @throws EnvironmentError */
export const environmentPaths = async (root: string): Promise<EnvironmentPath[]> => {
  const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    const code = codeOf(error);
    throw new EnvironmentError(
      code === 'ENOENT'
        ? `There is no folder ${folder}/ in ${root}: it holds the environments.`
        : `The folder ${folder}/ in ${root} ${reasons[code] ?? `cannot be read (${code}).`}`,
      { cause: error },
    );
  });
  return found
    .filter((entry) => isSettingsFile(entry.name) && !entry.isDirectory())
    .map((entry) => pathOf(relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** Names that `--environment` takes, such as staging and examples/alerts/prod. */
export const environmentNames = async (root: string): Promise<string[]> => [
  ...new Set((await environmentPaths(root)).map(({ name }) => name)),
];

/** `environments/dev.tfvars` is what a shell completes; it means dev. */
const asName = (asked: string): string => {
  const path = asked.replaceAll('\\', '/').replace(/^(\.\/)?environments\//, '');
  return endingOf(path) === '' ? path : path.slice(0, -endingOf(path).length);
};

/** @throws UnknownEnvironment where nobody named one, or there is none of that name */
const lookUp = (paths: readonly EnvironmentPath[], asked: string | undefined): readonly EnvironmentPath[] => {
  const known = [...new Set(paths.map((path) => path.name))];
  if (asked === undefined || asked === '')
    throw new UnknownEnvironment(
      `No environment given: set the variable ENVIRONMENT, or pass --environment to a command. There are ${known.join(', ')}.`,
    );
  const name = asName(asked);
  const named = paths.filter((path) => stemOf(path.file) === name);
  const found = named.length > 0 ? named : paths.filter((path) => path.label === name);
  if (found.length > 0) return found;
  throw new UnknownEnvironment(
    `There is no environment ${JSON.stringify(asked)}${didYouMean(asked, known) || '.'} ${known.length === 0 ? 'There is none yet.' : `There are ${known.join(', ')}.`} A new one is a file in ${folder}/ that ends in ${endings[1]} or ${endings[0]}.`,
  );
};

/** The file of an environment by its name, or by the start of its stack names. @throws EnvironmentError */
export const findEnvironment = async (root: string, asked: string | undefined): Promise<EnvironmentPath> => {
  const paths = await environmentPaths(root);
  const [found, twin] = lookUp(paths, asked);
  if (found === undefined) throw new UnknownEnvironment(`There is no environment ${asked}.`);
  if (twin !== undefined)
    throw new EnvironmentError(
      `${found.file} and ${twin.file} are both the environment ${JSON.stringify(asked)}: rename or remove one.`,
    );
  const same = paths.find((path) => path !== found && path.label === found.label);
  if (same !== undefined)
    throw new EnvironmentError(
      `${found.file} and ${same.file} would both have stacks that begin with ${found.label}-: give one of the files another name.`,
    );
  if (found.label === '' || found.environment === '')
    throw unreadable(found.file, undefined, 'has a name without letters a to z or digits: rename it.');
  return found;
};

// The longest file of settings has some thousand lines.
const MAX_BYTES = 1024 * 1024;

/** The text of a file, without a byte order mark. @throws EnvironmentError */
export const readText = async (root: string, file: string): Promise<string> => {
  const path = join(root, file);
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw unreadable(file, undefined, 'is larger than 1 MiB: it holds more than settings.');
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    const code = codeOf(error);
    throw unreadable(file, undefined, reasons[code] ?? `cannot be read (${code}).`, error);
  }
};
