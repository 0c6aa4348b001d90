/** What is wrong with an environment's file, as the operator is told. */
import { followed } from '../../contracts/settings/followed.ts';
import type { SettingProblem } from '../../contracts/settings/problem.ts';
import type { LineOf } from './document.ts';

/** Something is wrong with the environment that was asked for; the message says all of it, one problem a line. */
export class EnvironmentError extends Error {
  override readonly name: string = 'EnvironmentError';
}

/** No environment was named, or one that there is not. */
export class UnknownEnvironment extends EnvironmentError {
  override readonly name = 'UnknownEnvironment';
}

/** `  file:line message`. */
export const located = (file: string, line: number | undefined, message: string): string =>
  `  ${line === undefined ? file : `${file}:${line}`} ${message}`;

/** The file cannot be read as data. */
export const unreadable = (file: string, line: number | undefined, reason: string, cause?: unknown): EnvironmentError =>
  new EnvironmentError(`The environment cannot be read:\n${located(file, line, reason)}`, { cause });

/** Where a setting stands, or else what its default follows from, which is said then. */
const stated = ({ setting, problem }: SettingProblem, file: string, lineOf: LineOf): string => {
  const line = lineOf(setting);
  const origin = line === undefined ? followed[setting]?.find((other) => lineOf(other) !== undefined) : undefined;
  if (origin === undefined) return located(file, line, `${setting} ${problem}`);
  return located(file, lineOf(origin), `${setting} ${problem} (it follows from ${origin})`);
};

/** The file can be read, and what it says cannot be used. */
export const unusable = (file: string, problems: readonly SettingProblem[], lineOf: LineOf): EnvironmentError =>
  new EnvironmentError(
    [
      'The environment cannot be used:',
      // A rule per region, or a check per bound, may say the same twice.
      ...new Set(problems.map((problem) => stated(problem, file, lineOf))),
    ].join('\n'),
  );
