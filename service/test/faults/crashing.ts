/**
 * A program for killed.test.ts: the service as it is, but that it says what it writes, and kills itself at the moment of
 * a change that CRASH_AT names. No handler runs and nothing is flushed, as when a host goes away.
 */
import { writeSync } from 'node:fs';
import process from 'node:process';
import { parseConfig } from '../../src/config.ts';
import type { Change } from '../../src/mcp/tool.ts';
import type { ResourceChange } from '../../src/operations/plan.ts';
import type { OpenPack } from '../../src/packs/pack.ts';
import { openTagging } from '../../src/packs/tagging/open.ts';
import { drainOnSignals } from '../../src/start/drain.ts';
import { start } from '../../src/start/start.ts';

/** approved: before anything of it is begun. started: before the first write. half: between two. written: after the last. */
const moment = process.env.CRASH_AT;
let serving = false;
let asked = 0;

/** Only operations made for this moment: those an earlier process left behind are gone on with. */
const dieAt = (here: string, changes: readonly ResourceChange[]): void => {
  const meant = changes.some(({ after }) => String(after.Owner).startsWith(here));
  if (moment === here && meant) process.kill(process.pid, 'SIGKILL');
};

const crashing = (tool: Change): Change => ({
  ...tool,
  policyVersion: async () => {
    // Asked when it is planned, when it is approved, and the third time when it begins to be applied.
    if (serving) asked += 1;
    if (moment === 'approved' && asked === 3) process.kill(process.pid, 'SIGKILL');
    return tool.policyVersion();
  },
  apply: async (changes, context) => {
    dieAt('started', changes);
    const outcomes = [];
    for (const [place, change] of changes.entries()) {
      if (place === 2) dieAt('half', changes);
      outcomes.push(...(await tool.apply([change], context)));
      writeSync(1, `wrote ${change.resourceId}\n`);
    }
    dieAt('written', changes);
    return outcomes;
  },
});

const tagging: OpenPack = async (services) => {
  const pack = await openTagging(services);
  return { ...pack, tools: pack.tools.map((tool) => (tool.kind === 'change' ? crashing(tool) : tool)) };
};

const config = parseConfig(process.env);
const running = await start(config, { packs: { tagging } });
serving = true;
drainOnSignals(running, config);
