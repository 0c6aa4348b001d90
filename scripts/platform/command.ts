/** What every command of an operator is: options that explain themselves, help, and errors in one sentence. */
import { resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { EnvironmentError } from '../../modules/tfvars/read.ts';
import { askHidden } from './hidden.ts';
import { OperatorProblem } from './problem.ts';

/** An option, and what `--help` says about it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly description: string;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly multiple?: boolean;
}
export type Options = Readonly<Record<string, Option>>;

type One<O extends Option> = O['type'] extends 'boolean' ? boolean : string;
export type Values<O extends Options> = {
  readonly [K in keyof O]: (O[K] extends { multiple: true } ? One<O[K]>[] : One<O[K]>) | undefined;
};

/** Where a command runs; tests hand in their own. */
export interface Host {
  /** Root of the repository, which holds environments/. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Asks the person at the terminal; undefined when there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** The same for what nobody may see, on the screen or afterwards. */
  readonly askHidden?: ((question: string) => Promise<string>) | undefined;
  /** All of standard input, where it is no terminal. */
  readonly input?: (() => Promise<string>) | undefined;
  /** Aborted when the operator wants to stop. */
  readonly stop?: AbortSignal;
}

export interface Command<O extends Options = Options> {
  /** As in `npm run <name>`, or the file that node runs. */
  readonly name: string;
  readonly summary: string;
  /** Further text of the help: what the exit codes mean, what is written where. */
  readonly notes?: string;
  readonly options: O;
  /** What the arguments without a name are, where there may be some: FILE... */
  readonly operands?: string;
  /** Answers the exit code. @throws OperatorProblem */
  readonly run: (values: Values<O>, host: Host, operands: readonly string[]) => Promise<number>;
}

/** Gives the options of a command their types. */
export const defineCommand = <const O extends Options>(command: Command<O>): Command<O> => command;

const flagOf = (name: string, { type, value = 'VALUE' }: Option): string =>
  type === 'boolean' ? `--${name}` : `--${name} ${value}`;

const callOf = ({ name, operands }: Pick<Command, 'name' | 'operands'>): string =>
  name.endsWith('.ts')
    ? `node ${name} [options]${operands === undefined ? '' : ` ${operands}`}`
    : `npm run ${name} -- [options]${operands === undefined ? '' : ` ${operands}`}`;

type Described = Pick<Command, 'name' | 'summary' | 'notes' | 'options' | 'operands'>;

export const helpOf = ({ name, operands, summary, notes, options }: Described): string => {
  const rows = [
    ...Object.entries(options).map(([option, how]) => [flagOf(option, how), how.description] as const),
    ['--help', 'Shows this.'] as const,
  ];
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return [
    callOf({ name, operands }),
    '',
    summary,
    '',
    ...rows.map(([flag, description]) => `  ${flag.padEnd(width)}  ${description}`),
    ...(notes === undefined ? [] : ['', notes]),
  ].join('\n');
};

const hostOfProcess = (): Host => ({
  root: resolve(import.meta.dirname, '..', '..'),
  env: process.env,
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  ask:
    process.stdin.isTTY && process.stdout.isTTY
      ? async (question) => {
          const reader = createInterface({ input: process.stdin, output: process.stdout });
          return reader.question(question).finally(() => reader.close());
        }
      : undefined,
  askHidden: process.stdin.isTTY && process.stderr.isTTY ? (question) => askHidden(question, process) : undefined,
  input: process.stdin.isTTY ? undefined : () => text(process.stdin),
});

const isForOperators = (error: unknown): error is Error =>
  error instanceof OperatorProblem || error instanceof EnvironmentError;

const parse = <O extends Options>(
  command: Command<O>,
  args: readonly string[],
): { readonly help: boolean; readonly values: Values<O>; readonly operands: readonly string[] } => {
  const options: ParseArgsConfig['options'] = {
    ...Object.fromEntries(
      Object.entries(command.options).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
    ),
    help: { type: 'boolean' },
  };
  try {
    const allowPositionals = command.operands !== undefined;
    const parsed = parseArgs({ args: [...args], options, strict: true, allowPositionals });
    const { help, ...values } = parsed.values;
    return { help: help === true, values: values as Values<O>, operands: parsed.positionals };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/ To specify a positional.*$/s, '') : String(error);
    throw new OperatorProblem(
      `${reason.replace(/\.?$/, '.')} See ${callOf({ name: command.name }).replace('[options]', '--help')}`,
    );
  }
};

/** Runs a command and answers its exit code: 1 with one clear message where the operator can mend it. */
export const runCommand = async <O extends Options>(
  command: Command<O>,
  args: readonly string[],
  host: Host = hostOfProcess(),
): Promise<number> => {
  try {
    const { help, values, operands } = parse(command, args);
    if (help) {
      host.out(helpOf(command));
      return 0;
    }
    return await command.run(values, host, operands);
  } catch (error) {
    host.err(isForOperators(error) ? error.message : error instanceof Error ? String(error.stack) : String(error));
    return 1;
  }
};

/** What stands at the end of a command's file: runs it when the file is the program. */
export const runAsProgram = async <O extends Options>(isMain: boolean, command: Command<O>): Promise<void> => {
  if (isMain) process.exitCode = await runCommand(command, process.argv.slice(2));
};
