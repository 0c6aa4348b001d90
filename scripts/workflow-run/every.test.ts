/** Every workflow is run, line by line, against a stand-in for GitHub's API. A new one is found by looking. */
import { readdir } from 'node:fs/promises';
import { describeAll } from '../commands.ts';
import { parseArguments } from '../platform/arguments.ts';
import { onWorkflows } from './hooks.ts';
import type { Call } from './programs.ts';
import { loadWorkflow, workflows } from './run.ts';
import { scenarios } from './scenarios.ts';
import { triggerOf, type Workflow } from './schema.ts';
import type { Event } from './world.ts';

const files = (await readdir(workflows)).sort();
const loaded = await Promise.all(files.map(async (file) => [file, await loadWorkflow(file)] as const));
const events = ['pull_request', 'workflow_dispatch', 'schedule', 'push'] as const;

/** The event that starts it when nobody says which; undefined where only another workflow does. */
const eventOf = (workflow: Workflow): Event['name'] | undefined =>
  events.find((event) => Object.hasOwn(workflow.on, event));

const pull = { number: 1, labels: [], head: { sha: 'a'.repeat(40), repo: { full_name: 'example/countersign' } } };
const inputsOf = (workflow: Workflow): Record<string, string> =>
  Object.fromEntries(
    Object.entries(triggerOf(workflow, 'workflow_dispatch').inputs).map(([name, { type, default: otherwise }]) => [
      name,
      type === 'environment' ? 'prod' : (otherwise ?? 'any'),
    ]),
  );

/** Every step with a line of its own, as a run names it. */
const lines = loaded.flatMap(([file, { jobs }]) =>
  Object.entries(jobs).flatMap(([job, { steps }]) =>
    steps.flatMap((step, index) => (step.run === undefined ? [] : [`${file} ${job} ${index}`])),
  ),
);

const commands = new Map((await describeAll()).map((command) => [command.name, command]));

/** The stand-ins take any option; the commands do not. */
const checkCall = ([program, first, ...words]: Call): void => {
  if (program !== 'npm' || first !== 'run') return;
  const [name = '', separator, ...rest] = words.filter((word) => word !== '--silent');
  const command = commands.get(name);
  if (command !== undefined) parseArguments(command, separator === '--' ? rest : [], {});
};

describe('every workflow', () => {
  const rig = onWorkflows();
  const { run, denied, calls, github } = rig;
  const ran = new Set<string>();
  const started = loaded.flatMap(([file, workflow]) => {
    const event = eventOf(workflow);
    return event === undefined ? [] : [[file, event, workflow] as const];
  });

  it.each(started)('%s runs to its end on %s, with the rights that its jobs have', async (file, name, workflow) => {
    github().pull({ head: 'work', commit: pull.head.sha });
    const event: Event = {
      name,
      inputs: inputsOf(workflow),
      ...(name === 'pull_request' && { payload: { pull_request: pull } }),
    };
    const { jobs } = await run(file, event);
    for (const job of jobs.values()) for (const line of job.ran) ran.add(line);
    const failed = [...jobs].filter(([, { result }]) => result === 'failure' || result === 'cancelled');
    expect(failed.map(([job, { log }]) => `${job}: ${log}`)).toEqual([]);
    expect([...jobs.values()].some(({ result }) => result === 'success')).toBe(true);
    expect(denied()).toEqual([]);
    for (const call of await calls()) checkCall(call);
  });

  it.each(scenarios)('$file, where $what', async ({ file, event, prepare, result = 'success' }) => {
    await prepare(rig);
    const ended = await run(file, event);
    for (const job of ended.jobs.values()) for (const line of job.ran) ran.add(line);
    const logs = [...ended.jobs].map(([job, { log }]) => `${job}: ${log}`).join('\n');
    expect([ended.result, logs]).toEqual([result, logs]);
    expect(denied()).toEqual([]);
  });

  it('has no line that none of these runs: give it a scenario', () => {
    expect(lines.filter((line) => !ran.has(line))).toEqual([]);
  });

  it('is one of those, or is called by one of them', () => {
    const called = loaded.flatMap(([, { jobs }]) =>
      Object.values(jobs).flatMap(({ uses }) => (uses === undefined ? [] : [uses.replace('./.github/workflows/', '')])),
    );
    const reached = new Set([...started.map(([file]) => file), ...called]);
    expect(files.filter((file) => !reached.has(file))).toEqual([]);
  });
});
