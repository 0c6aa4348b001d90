/** Reads the arguments of a command, and says what is wrong with them as somebody who knows its options would. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { didYouMean } from '../../contracts/nearest.ts';
import type { Described, Options, Values } from './described.ts';
import { callOf, frontDoor } from './help.ts';
import { UsageProblem } from './problem.ts';

export interface Arguments<O extends Options> {
  readonly help: boolean;
  readonly values: Values<O>;
  readonly operands: readonly string[];
}

/** Writes a call of the command the way it has to be. */
const callWith = (command: Described, args: readonly string[]): string =>
  [callOf({ name: command.name }).replace(' [options]', ''), ...args].join(' ');

const seeHelp = (command: Described): string => `See ${callWith(command, ['--help'])}`;

const isGiven = (name: string, args: readonly string[]): boolean =>
  args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));

/** What npm made of an option that stood before the --. `--no-lock` is the option lock, with nothing in it. */
const npmValueOf = (name: string, env: NodeJS.ProcessEnv): string | undefined => {
  const of = (option: string): string | undefined => env[`npm_config_${option.replaceAll('-', '_')}`];
  if (name.startsWith('no-')) return of(name.slice(3)) === '' ? 'true' : of(name) || undefined;
  return of(name) || undefined;
};

/** Whether it may be called with words that are no option's value. */
const takesWords = ({ operands, verbs }: Described): boolean => operands !== undefined || verbs !== undefined;

/**
 * `npm run plan --environment dev` gives the option to npm, and the command the word dev alone. A command that then ran
 * without --dry-run would do what nobody asked for.
 * @throws UsageProblem
 */
const refuseTakenByNpm = (command: Described, args: readonly string[], env: NodeJS.ProcessEnv): void => {
  if (env.npm_lifecycle_event !== command.name && env.npm_lifecycle_event !== frontDoor) return;
  const taken = Object.entries({ ...command.options, help: { type: 'boolean' } as const }).flatMap(
    ([name, { type }]) => {
      const value = isGiven(name, args) ? undefined : npmValueOf(name, env);
      return value === undefined ? [] : [{ name, value: type === 'boolean' || value === 'true' ? undefined : value }];
    },
  );
  const [first] = taken;
  if (first === undefined) return;
  // An option without its value left that behind, in the order they were given.
  const words = takesWords(command) ? [] : [...args];
  const meant = taken.flatMap(({ name, value }) => {
    const isBoolean = name === 'help' || command.options[name]?.type === 'boolean';
    return isBoolean ? [`--${name}`] : [`--${name}`, value ?? words.shift() ?? `<${name}>`];
  });
  const names = taken.map(({ name }) => `--${name}`).join(', ');
  throw new UsageProblem(
    `npm took ${names} for ${taken.length > 1 ? 'options' : 'an option'} of its own, so nothing was done. Options of the command go after --: ${callWith(command, [...(takesWords(command) ? args : []), ...meant])}\n` +
      `(If an .npmrc or a variable npm_config_${first.name.replaceAll('-', '_')} sets it for npm, call node ${scriptOf(command)} instead.)`,
  );
};

/** The file behind `npm run <name>`. */
const scriptOf = ({ name }: Described): string =>
  name.endsWith('.ts') ? name : `scripts/${name.replaceAll(':', '-')}.ts`;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** What util.parseArgs refuses, with the word that was meant. */
const refusal = (command: Described, error: unknown, known: readonly string[]): UsageProblem => {
  const reason = error instanceof Error ? error.message : String(error);
  const unknown = /^Unknown option '(-{1,2}([^']+))'/.exec(reason);
  if (codeOf(error) === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && unknown !== null) {
    const meant = didYouMean(unknown[2] ?? '', known).replace('did you mean ', 'did you mean --');
    return new UsageProblem(`There is no option ${unknown[1]}${meant === '' ? '.' : meant} ${seeHelp(command)}`);
  }
  const argument = /^Unexpected argument '([^']*)'/.exec(reason)?.[1];
  if (argument !== undefined) {
    const named = 'environment' in command.options ? `: name the environment with --environment ${argument}` : '';
    return new UsageProblem(
      `${command.name} takes no argument without an option's name, such as ${argument}${named}. ${seeHelp(command)}`,
    );
  }
  return new UsageProblem(`${reason.replace(/\.?$/, '.')} ${seeHelp(command)}`);
};

/** @throws UsageProblem naming the choices, and the nearest of them */
const checkChoice = (option: string, given: string, choices: readonly string[]): void => {
  if (choices.includes(given)) return;
  throw new UsageProblem(
    `--${option} does not take ${JSON.stringify(given)}${didYouMean(given, choices) || '.'} It takes ${choices.join(', ')}.`,
  );
};

const checkChoices = ({ options }: Described, values: Readonly<Record<string, unknown>>): void => {
  for (const [name, { choices }] of Object.entries(options)) {
    if (choices === undefined) continue;
    for (const value of [values[name]].flat()) if (typeof value === 'string') checkChoice(name, value, choices);
  }
};

/** @throws UsageProblem where the verb is missing, unknown, or not the only word of a command that takes no other */
const checkVerb = (command: Described, [verb, ...others]: readonly string[]): void => {
  if (command.verbs === undefined) return;
  const known = Object.keys(command.verbs);
  if (verb === undefined) {
    throw new UsageProblem(`${command.name} needs one of ${known.join(', ')}. ${seeHelp(command)}`);
  }
  if (!known.includes(verb)) {
    throw new UsageProblem(
      `${command.name} does not know ${JSON.stringify(verb)}${didYouMean(verb, known) || '.'} It knows ${known.join(', ')}.`,
    );
  }
  if (command.operands === undefined && others.length > 0) {
    throw new UsageProblem(
      `${command.name} ${verb} takes no further word, such as ${JSON.stringify(others[0])}. ${seeHelp(command)}`,
    );
  }
};

/** @throws UsageProblem */
export const parseArguments = <O extends Options>(
  command: Described<O>,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Arguments<O> => {
  refuseTakenByNpm(command, args, env);
  const options: ParseArgsConfig['options'] = {
    ...Object.fromEntries(
      Object.entries(command.options).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
    ),
    help: { type: 'boolean' },
  };
  const read = () => {
    try {
      return parseArgs({ args: [...args], options, strict: true, allowPositionals: takesWords(command) });
    } catch (error) {
      throw refusal(command, error, Object.keys(options));
    }
  };
  const parsed = read();
  const { help, ...values } = parsed.values;
  if (help !== true) {
    checkVerb(command, parsed.positionals);
    checkChoices(command, values);
  }
  return { help: help === true, values: values as Values<O>, operands: parsed.positionals };
};
