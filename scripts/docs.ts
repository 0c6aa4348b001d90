/** Writes what is derived from the contracts. `npm run docs`; a test fails while a file is stale. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { changesReference } from './changes-reference.ts';
import { commandsReference } from './commands-reference.ts';
import { configurationReference } from './configuration-reference.ts';
import { controlsReference } from './controls-reference.ts';
import { dashboard } from './dashboard.ts';
import { endpointsReference } from './endpoints-reference.ts';
import { limitsReference } from './limits-reference.ts';
import { defineCommand, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during } from './platform/host.ts';
import { json } from './platform/options.ts';
import { settingsReference } from './settings-reference.ts';
import { webAclReference } from './web-acl-reference.ts';

/** Every generated file, from the root of the repository, with its text. */
export const generated = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ['docs/controls.md', await controlsReference()],
    ['docs/configuration.md', configurationReference()],
    ['docs/settings.md', settingsReference()],
    ['docs/commands.md', await commandsReference()],
    ['docs/changes.md', changesReference()],
    ['docs/deploying/what-aws-refuses.md', limitsReference()],
    ['docs/web-acl.md', webAclReference()],
    ['docs/deploying/network.md', endpointsReference()],
    ['docs/compose/grafana/dashboards/countersign.json', dashboard()],
  ]);

export const docs = defineCommand({
  name: 'docs',
  summary: 'Writes the files that are derived from contracts, modules and commands. A test fails while one is stale.',
  exits: { 0: 'written', 2: 'with --check: a file is stale' },
  options: {
    check: { type: 'boolean', description: 'Writes nothing, and names the files that are stale.' },
    json,
  },
  run: async ({ check = false }, host) => {
    const stale: string[] = [];
    for (const [file, text] of await during(host, 'Deriving the documentation', generated)) {
      const path = resolve(host.root, file);
      if ((await readFile(path, 'utf8').catch(() => undefined)) === text) continue;
      stale.push(file);
      host.out(`${check ? 'stale' : 'written'}  ${file}`);
      if (check) continue;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    if (stale.length === 0) host.out('Every file is up to date.');
    host.report({ [check ? 'stale' : 'written']: stale });
    return check && stale.length > 0 ? exitCodes.attention : exitCodes.done;
  },
});

await runAsProgram(import.meta.main, docs);
