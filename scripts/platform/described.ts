/** All of a command but what it does: what its help, its arguments and docs/commands.md are made from. */
import type { ExitMeanings } from './exit-codes.ts';

/** An option, and what `--help` says about it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly description: string;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly multiple?: boolean;
  /** The only values it takes. */
  readonly choices?: readonly string[];
}
export type Options = Readonly<Record<string, Option>>;

type One<O extends Option> = O['type'] extends 'boolean' ? boolean : string;
export type Values<O extends Options> = {
  readonly [K in keyof O]: (O[K] extends { multiple: true } ? One<O[K]>[] : One<O[K]>) | undefined;
};

/** All of a command but what it does. */
export interface Described<O extends Options = Options> {
  /** As in `npm run <name>`, or the file that node runs. */
  readonly name: string;
  readonly summary: string;
  /** Further text of the help: what is written where. */
  readonly notes?: string;
  /** What the exit codes mean. */
  readonly exits?: ExitMeanings;
  readonly options: O;
  /** What the arguments without a name are, where there may be some: FILE... */
  readonly operands?: string;
  /** What the command can do, where it does several things: `npm run cutover -- start`. The first operand is one of these. */
  readonly verbs?: Readonly<Record<string, string>>;
}
