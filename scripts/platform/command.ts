/**
 * What every command of an operator is: options that explain themselves, help, one exit code a kind of ending, results
 * on standard output and everything else on standard error.
 */
import process from 'node:process';
import { EnvironmentError, UnknownEnvironment } from '../../modules/tfvars/read.ts';
import { parseArguments } from './arguments.ts';
import { plain } from './colour.ts';
import type { Described, Options, Values } from './described.ts';
import { exitCodes } from './exit-codes.ts';
import { helpOf } from './help.ts';
import { type Host, hostOfProcess } from './host.ts';
import { OperatorProblem, UsageProblem } from './problem.ts';

export type { Option, Options } from './described.ts';
export type { Host } from './host.ts';

/** What a command gets besides: with --json, `out` goes to standard error, and only what is reported to standard output. */
export interface Running extends Host {
  /** Prints the result as JSON where --json asks for it. */
  readonly report: (result: unknown) => void;
}

export interface Command<O extends Options = Options> extends Described<O> {
  /** Answers the exit code. @throws OperatorProblem */
  readonly run: (values: Values<O>, host: Running, operands: readonly string[]) => Promise<number>;
}

/** Gives the options of a command their types. */
export const defineCommand = <const O extends Options>(command: Command<O>): Command<O> => command;

const running = (host: Host, command: Described, json: boolean): Running => ({
  ...host,
  offers: new Set(Object.keys(command.options)),
  ...(json && { out: host.err, ...(host.paintError && { paint: host.paintError }) }),
  report: (result) => {
    if (json) host.out(JSON.stringify(result, null, 2));
  },
});

const messageOf = (error: unknown): string => {
  if (error instanceof OperatorProblem || error instanceof EnvironmentError) return error.message;
  return error instanceof Error ? String(error.stack) : String(error);
};

/** The first line of an error is what went wrong; what follows are its particulars. */
const tellError = ({ err, paintError = plain }: Host, error: unknown): void => {
  const [first = '', ...rest] = messageOf(error).split('\n');
  err([paintError('bad', first), ...rest].join('\n'));
};

/** Runs a command and answers its exit code; one clear message where the operator can put it right. */
export const runCommand = async <O extends Options>(
  command: Command<O>,
  args: readonly string[],
  host: Host = hostOfProcess(),
): Promise<number> => {
  try {
    const { help, values, operands } = parseArguments(command, args, host.env);
    if (help) {
      host.out(helpOf(command));
      return exitCodes.done;
    }
    const json = 'json' in values && values.json === true;
    return await command.run(values, running(host, command, json), operands);
  } catch (error) {
    tellError(host, error);
    return error instanceof UsageProblem || error instanceof UnknownEnvironment ? exitCodes.usage : exitCodes.failed;
  }
};

/** What stands at the end of a command's file: runs it when the file is the program. */
export const runAsProgram = async <O extends Options>(isMain: boolean, command: Command<O>): Promise<void> => {
  if (isMain) process.exitCode = await runCommand(command, process.argv.slice(2));
};
