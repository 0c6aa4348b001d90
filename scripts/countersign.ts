/** `npm run countersign -- plan --environment staging`: every command behind one name. */
import process from 'node:process';
import { didYouMean } from '../contracts/nearest.ts';
import { describeAll, type Entry, entries, groups } from './commands.ts';
import { defineCommand, runCommand } from './platform/command.ts';
import { completionScript, shells } from './platform/completion.ts';
import type { Described } from './platform/described.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { frontDoor, helpOf } from './platform/help.ts';
import { during, type Host, hostOfProcess, paintOf } from './platform/host.ts';
import { json } from './platform/options.ts';
import { UsageProblem } from './platform/problem.ts';

const calledAs = `npm run ${frontDoor} --`;

interface Listed {
  readonly title: string;
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
}

const listed = async (): Promise<readonly Listed[]> => {
  const all = new Map((await describeAll()).map(({ name, summary }) => [name, summary]));
  return groups.map(({ title, entries: of }) => ({
    title,
    commands: of.map(({ name }) => ({ name, summary: all.get(name) ?? '' })),
  }));
};

const listing = (all: readonly Listed[], host: Host): string => {
  const width = Math.max(...entries.map(({ name }) => name.length));
  return [
    `${calledAs} COMMAND [options]`,
    ...all.flatMap(({ title, commands }) => [
      '',
      paintOf(host)('strong', title),
      ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    ]),
    '',
    `Each explains its options with --help, as in ${calledAs} plan --help, and is a script of its own too: npm run plan.`,
    `Completion in your shell: source <(npm run --silent ${frontDoor} -- completion bash)`,
  ].join('\n');
};

const help = defineCommand({
  name: `${frontDoor} help`,
  summary: 'Lists every command, or explains the options of the one that is named.',
  operands: '[COMMAND]',
  options: { json },
  run: async (_, host, [name]) => {
    if (name !== undefined) {
      const described = await find(name).describe();
      host.out(helpOf(described));
      host.report({ name, summary: described.summary, verbs: described.verbs, options: described.options });
      return exitCodes.done;
    }
    const all = await listed();
    host.out(listing(all, host));
    host.report(all);
    return exitCodes.done;
  },
});

const completion = defineCommand({
  name: `${frontDoor} completion`,
  summary: 'Prints a script with which a shell completes commands, verbs, options and environments.',
  notes: [
    `For this shell:       source <(npm run --silent ${frontDoor} -- completion bash)`,
    `For every later one:  npm run --silent ${frontDoor} -- completion bash >> ~/.bashrc`,
    'It defines the word countersign, which runs this repository’s commands from any folder.',
  ].join('\n'),
  verbs: Object.fromEntries(shells.map((shell) => [shell, `for ${shell}`])),
  options: { json },
  run: async (_, host, [asked]) => {
    const shell = shells.find((each) => each === asked);
    if (shell === undefined) throw new UsageProblem(`Name a shell: ${shells.join(' or ')}.`);
    const all: readonly Described[] = await during(host, 'Reading the commands', describeAll);
    const script = completionScript(shell, host.root, [
      ...all,
      { ...help, name: 'help', verbs: Object.fromEntries(all.map(({ name, summary }) => [name, summary])) },
      { ...completion, name: 'completion' },
    ]);
    host.out(script);
    host.report({ shell, script });
    return exitCodes.done;
  },
});

const own: readonly Entry[] = [
  { name: 'help', describe: async () => help, run: (args, host) => runCommand(help, args, host) },
  { name: 'completion', describe: async () => completion, run: (args, host) => runCommand(completion, args, host) },
];

/** @throws UsageProblem with the nearest name */
const find = (name: string): Entry => {
  const known = [...entries, ...own];
  const found = known.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = known.map((each) => each.name);
  throw new UsageProblem(
    `There is no command ${JSON.stringify(name)}${didYouMean(name, names) || '.'} ${calledAs} help lists them.`,
  );
};

/**
 * Answers the exit code of the command that the first word names. An option before it belongs to no command, and is refused.
 */
export const countersign = async (args: readonly string[], host: Host = hostOfProcess()): Promise<number> => {
  const [first, ...rest] = args;
  if (first === undefined || first === '--help') return runCommand(help, rest, host);
  try {
    return await find(first).run(rest, host);
  } catch (error) {
    if (!(error instanceof UsageProblem)) throw error;
    host.err(error.message);
    return exitCodes.usage;
  }
};

if (import.meta.main) process.exitCode = await countersign(process.argv.slice(2));
