/** `npm run new-pack -- alerts`: a pack of one query, one change and a page, with their tests, that works as it is. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { promisify } from 'node:util';
import { writePack } from './new-pack/files.ts';
import { spelled } from './new-pack/names.ts';
import { defineCommand, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during } from './platform/host.ts';
import { json } from './platform/options.ts';
import { UsageProblem } from './platform/problem.ts';

const run = promisify(execFile);

export const newPack = defineCommand({
  name: 'new-pack',
  summary:
    'Begins a tool pack: its contract, its folder with a query, a change, a page and their tests, and its two registrations.',
  notes:
    'The name is that of the pack in tool_packs and TOOL_PACKS, and begins its scopes. What is written works as it is; docs/adding-a-pack.md says how to go on.',
  exits: { 0: 'written', 1: 'something is there already, and nothing was written' },
  operands: 'name',
  options: { json },
  run: async (_values, host, operands) => {
    const [name, ...others] = operands;
    if (name === undefined || others.length > 0) throw new UsageProblem('Give one name: npm run new-pack -- alerts');
    const pack = spelled(name);
    const files = await writePack(host.root, pack);
    const within = { cwd: host.root };
    await during(host, 'Ordering imports and lines', () =>
      run(
        join(host.root, 'node_modules/.bin/biome'),
        ['check', '--write', '--no-errors-on-unmatched', ...files],
        within,
      ),
    );
    // In a process of its own: this one has loaded the contracts without the pack.
    await during(host, 'Deriving the documentation', () => run(execPath, ['scripts/docs.ts'], within));
    for (const file of files) host.out(file);
    host.out(`\nTry it: npm run test:jest -- service/src/packs/${name}, then npm start, which serves every pack.`);
    host.out(`Deploy it: add "${name}" to tool_packs of an environment. How to go on: docs/adding-a-pack.md`);
    host.report({ pack: name, files });
    return exitCodes.done;
  },
});

await runAsProgram(import.meta.main, newPack);
