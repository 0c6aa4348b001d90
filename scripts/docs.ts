/** Writes what is derived from the contracts. `npm run docs`; a test fails while a file is stale. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { configurationReference } from './configuration-reference.ts';
import { controlsReference } from './controls-reference.ts';
import { dashboard } from './dashboard.ts';
import { endpointsReference } from './endpoints-reference.ts';
import { limitsReference } from './limits-reference.ts';
import { settingsReference } from './settings-reference.ts';
import { webAclReference } from './web-acl-reference.ts';

/** Every generated file, from the root of the repository, with its text. */
export const generated = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ['docs/controls.md', await controlsReference()],
    ['docs/configuration.md', configurationReference()],
    ['docs/settings.md', settingsReference()],
    ['docs/deploying/what-aws-refuses.md', limitsReference()],
    ['docs/web-acl.md', webAclReference()],
    ['docs/deploying/network.md', endpointsReference()],
    ['docs/compose/grafana/dashboards/countersign.json', dashboard()],
  ]);

if (import.meta.main)
  for (const [file, text] of await generated()) {
    const path = resolve(import.meta.dirname, '..', file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
