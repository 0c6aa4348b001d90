/** docs/commands.md: what each command takes and answers, as its --help says. */
import { describeAll } from './commands.ts';
import { helpOf } from './platform/help.ts';

const intro = `# Commands

Generated from the commands themselves by \`npm run docs\`. Each prints this with \`--help\`.

- **Options come after \`--\`**: \`npm run plan -- --environment staging\`. npm keeps what comes before it for itself; a command that
  notices this does nothing and prints the call that was meant. The variable \`ENVIRONMENT\` replaces \`--environment\`.
- **Results go to standard output, all else to standard error.** With \`--json\` standard output holds one JSON document and nothing
  else; \`npm run\` itself prints two lines there, unless \`--silent\` comes before the command's name.
- **What takes longer than a moment says so**: one line that is written over on a terminal, one line with a dot per second in a pipe.
- **Colours** appear on a terminal only. \`NO_COLOR=1\` leaves them out, \`FORCE_COLOR=1\` forces them.
- **One front door**: \`npm run countersign -- plan --environment staging\` runs the same command, without a name it lists all of
  them, and \`npm run countersign -- completion bash\` completes their names, verbs, options and environments.
- **Misspelt names** (commands, verbs, options, environments, regions, checks, secrets) are refused with the nearest one.

Exit codes mean the same everywhere. Each command lists those that it uses:

| code | meaning |
|---|---|
| 0 | done, or nothing to do |
| 1 | refused or failed; one message on standard error says why and what to do |
| 2 | done, and somebody should look: a plan has changes, an environment drifted, a value is missing |
| 3 | a cutover went back: the old colour takes all traffic |
| 64 | called with an option, argument or value it does not take; nothing was done |
| 75 | not finished yet; the message says when to run it again |
`;

export const commandsReference = async (): Promise<string> =>
  [
    intro,
    ...(await describeAll()).map((command) => `## ${command.name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`),
  ].join('\n');
