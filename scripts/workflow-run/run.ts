/**
 * For tests: runs a workflow as GitHub would, against stand-ins: jobs in the order of `needs`, with `if`, matrices, outputs,
 * artifacts, environments and their approvals, called workflows, and a token a job that has the rights the job asks for.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { holds, interpolate, type Scope, type Status, wholeOf } from './expression.ts';
import { type Job, triggerOf, Workflow } from './schema.ts';
import { Steps } from './steps.ts';
import type { Event, RanJob, Result, Run, World } from './world.ts';

export const workflows = resolve(import.meta.dirname, '..', '..', '.github/workflows');

export const loadWorkflow = async (file: string): Promise<Workflow> =>
  Workflow.parse(parse(await readFile(join(workflows, file), 'utf8')));

let runs = 1000;

/** A workflow that is running: the outermost one, or one that it calls. */
class Running {
  readonly #world: World;
  readonly #event: Event;
  readonly #id: string;
  readonly jobs = new Map<string, RanJob>();
  readonly approvals: string[] = [];
  readonly roles: [string, string][] = [];

  constructor(world: World, event: Event, id: string) {
    this.#world = world;
    this.#event = event;
    this.#id = id;
  }

  #github(token: string, workflow: string): Record<string, unknown> {
    const { github } = this.#world;
    const { name, payload = {}, inputs = {}, sha = github.repository.main } = this.#event;
    return {
      event_name: name,
      event: { ...payload, inputs },
      repository: github.repository.name,
      sha,
      ref: name === 'pull_request' ? 'refs/pull/1/merge' : 'refs/heads/main',
      ref_name: name === 'pull_request' ? '1/merge' : 'main',
      run_id: this.#id,
      server_url: 'https://github.com',
      api_url: github.url,
      token,
      workflow,
    };
  }

  /** Variables that GitHub sets for every step. */
  #variables(github: Readonly<Record<string, unknown>>): Record<string, string> {
    const named = ['event_name', 'repository', 'sha', 'ref', 'ref_name', 'run_id', 'server_url', 'api_url', 'workflow'];
    const entries = named.map((name) => [`GITHUB_${name.toUpperCase()}`, String(github[name])]);
    return { ...Object.fromEntries(entries), GITHUB_GRAPHQL_URL: `${this.#world.github.url}/graphql`, CI: 'true' };
  }

  /** Runs the jobs and answers the outputs that a caller sees. */
  async workflow(
    file: string,
    event: string,
    inputs: Readonly<Record<string, string>>,
    prefix = '',
  ): Promise<Record<string, string>> {
    const workflow = await loadWorkflow(file);
    const trigger = triggerOf(workflow, event);
    const given = Object.fromEntries(
      Object.entries(trigger.inputs).map(([name, { default: otherwise = '' }]) => [name, inputs[name] ?? otherwise]),
    );
    for (const [name, { required }] of Object.entries(trigger.inputs))
      if (required === true && given[name] === '') throw new Error(`${file} needs the input ${name}`);
    const done: Record<string, { result: Result; outputs: Record<string, string> }> = {};
    const left = new Map(Object.entries(workflow.jobs));
    while (left.size > 0) {
      const [next] = [...left].filter(([, { needs }]) => needs.every((name) => Object.hasOwn(done, name)));
      if (next === undefined) throw new Error(`${file}: jobs wait for each other, or for one that is not there`);
      const [name, job] = next;
      left.delete(name);
      done[name] = await this.#job({ workflow, file, name, job, inputs: given, done, prefix });
    }
    const contexts = { jobs: done, inputs: given };
    const outputs = Object.entries(trigger.outputs).map(([name, { value }]) => [
      name,
      interpolate(value, { contexts, status: 'success' }),
    ]);
    return Object.fromEntries(outputs);
  }

  async #job(asked: Asked): Promise<{ result: Result; outputs: Record<string, string> }> {
    const { workflow, name, job, inputs, done, prefix } = asked;
    const needs = Object.fromEntries(job.needs.map((each) => [each, done[each]]));
    const status = statusOf(job.needs.map((each) => done[each]?.result ?? 'skipped'));
    const github = this.#github('', workflow.name);
    const { vars } = this.#world;
    const scope: Scope = { contexts: { github, needs, inputs, vars, env: workflow.env }, status };
    const title = `${prefix}${name}`;
    if (!holds(job.if, scope)) {
      this.jobs.set(title, { result: 'skipped', outputs: {}, log: '', ran: [] });
      return { result: 'skipped', outputs: {} };
    }
    if (job.uses !== undefined) return this.#called(asked, title, scope);
    const outputs: Record<string, string> = {};
    const results: Result[] = [];
    for (const matrix of matricesOf(job, scope)) {
      const values = Object.values(matrix);
      const one = values.length === 0 ? title : `${title} (${values.join(', ')})`;
      const ran = await this.#one(asked, one, { ...scope, contexts: { ...scope.contexts, matrix } });
      this.jobs.set(one, ran);
      results.push(ran.result);
      Object.assign(outputs, ran.outputs);
    }
    return { result: statusOf(results), outputs };
  }

  async #called(
    { job }: Asked,
    title: string,
    scope: Scope,
  ): Promise<{ result: Result; outputs: Record<string, string> }> {
    const given = Object.entries(job.with).map(([name, text]) => [name, interpolate(text, scope)]);
    const file = (job.uses ?? '').replace('./.github/workflows/', '');
    const before = new Set(this.jobs.keys());
    const outputs = await this.workflow(file, 'workflow_call', Object.fromEntries(given), `${title} / `);
    const results = [...this.jobs].filter(([name]) => !before.has(name)).map(([, { result }]) => result);
    // A called workflow whose jobs were partly skipped has succeeded.
    return { result: statusOf(results.filter((result) => result !== 'skipped')), outputs };
  }

  async #one({ workflow, file, name, job }: Asked, title: string, { contexts }: Scope): Promise<RanJob> {
    const world = this.#world;
    const outer: Scope = { contexts, status: 'success' };
    const environment = job.environment === undefined ? undefined : interpolate(job.environment, outer);
    if (environment !== undefined) {
      this.approvals.push(title);
      const approved = (await world.approve?.(environment, title)) ?? true;
      if (!approved) return { result: 'failure', outputs: {}, log: `${environment} was not approved`, ran: [] };
    }
    const token = world.github.token(job.permissions);
    const github = this.#github(token, workflow.name);
    const own = environment === undefined ? undefined : world.environments[environment];
    const vars = { ...world.vars, ...own?.vars };
    const all = { ...contexts, github, vars, secrets: { ...world.secrets, ...own?.secrets } };
    const named = (texts: Readonly<Record<string, string>>, env: object) =>
      Object.fromEntries(
        Object.entries(texts).map(([key, text]) => [
          key,
          interpolate(text, { contexts: { ...all, env }, status: 'success' }),
        ]),
      );
    const ofWorkflow = named(workflow.env, {});
    const steps = await Steps.in({
      world,
      job,
      contexts: all,
      env: { ...this.#variables(github), ...ofWorkflow, ...named(job.env, ofWorkflow) },
      artifacts: join(world.folder, `artifacts-${this.#id}`),
      uploaded: (artifact) => {
        const { artifacts } = world.github.repository;
        artifacts.set(this.#id, [...(artifacts.get(this.#id) ?? []), artifact]);
      },
      assume: (role) => {
        if (job.permissions['id-token'] !== 'write') throw new Error(`${title} has no right to id-token`);
        const subject = environment === undefined ? this.#subject() : `environment:${environment}`;
        if (world.trusts.get(role)?.includes(`repo:${world.github.repository.name}:${subject}`) !== true)
          throw new Error(`The role ${role} does not trust ${subject}`);
        this.roles.push([title, role]);
      },
    });
    await steps.run();
    const outputs = Object.entries(job.outputs).map(([key, text]) => [key, interpolate(text, steps.scope)]);
    return {
      result: steps.status,
      outputs: Object.fromEntries(outputs),
      log: steps.log,
      ran: steps.ran.map((index) => `${file} ${name} ${index}`),
    };
  }

  #subject(): string {
    return this.#event.name === 'pull_request' ? 'pull_request' : 'ref:refs/heads/main';
  }
}

interface Asked {
  readonly workflow: Workflow;
  readonly file: string;
  readonly name: string;
  readonly job: Job;
  readonly inputs: Readonly<Record<string, string>>;
  readonly done: Readonly<Record<string, { result: Result; outputs: Record<string, string> }>>;
  readonly prefix: string;
}

/** A job whose needs were skipped is skipped too, unless its `if` asks for a status. */
const statusOf = (results: readonly Result[]): Status => {
  if (results.includes('cancelled')) return 'cancelled';
  if (results.includes('failure')) return 'failure';
  return results.includes('skipped') ? 'skipped' : 'success';
};

const matricesOf = ({ strategy }: Job, scope: Scope): readonly Record<string, unknown>[] =>
  Object.entries(strategy?.matrix ?? {}).reduce<Record<string, unknown>[]>(
    (made, [name, values]) =>
      made.flatMap((one) =>
        [typeof values === 'string' ? wholeOf(values, scope) : values]
          .flat()
          .map((value) => ({ ...one, [name]: value })),
      ),
    [{}],
  );

/** @throws ZodError for what the schema does not know */
export const runWorkflow = async (world: World, file: string, event: Event): Promise<Run> => {
  runs += 1;
  const id = String(runs);
  const running = new Running(world, event, id);
  const outputs = await running.workflow(file, event.name, event.inputs ?? {});
  const { jobs, approvals, roles } = running;
  const results = [...jobs.values()].map(({ result }) => result).filter((result) => result !== 'skipped');
  return { id, result: statusOf(results), jobs, outputs, approvals, roles };
};
