/** For tests: the steps of one job, in their order, in a workspace of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actions, type Using } from './actions.ts';
import { holds, interpolate, type Scope, type Status } from './expression.ts';
import { programVariables } from './programs.ts';
import type { Job, Step } from './schema.ts';
import type { World } from './world.ts';

/** `name=value`, or `name<<END` and lines up to END. */
export const readPairs = (text: string): Record<string, string> => {
  const lines = text.split('\n');
  const pairs: Record<string, string> = {};
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, long, end] = /^([\w-]+)<<(.+)$/.exec(line) ?? [];
    if (long !== undefined) {
      const at = lines.indexOf(end ?? '');
      pairs[long] = lines
        .splice(0, at + 1)
        .slice(0, -1)
        .join('\n');
      continue;
    }
    const at = line.indexOf('=');
    if (at > 0) pairs[line.slice(0, at)] = line.slice(at + 1);
  }
  return pairs;
};

/** What stays the same for all steps of a job. */
export interface JobSetting {
  readonly world: World;
  readonly job: Job;
  readonly contexts: Scope['contexts'];
  /** Variables that GitHub sets, and those of workflow and job. */
  readonly env: Readonly<Record<string, string>>;
  readonly artifacts: string;
  readonly assume: Using['assume'];
  readonly uploaded: Using['uploaded'];
}

interface StepState {
  readonly outcome: 'success' | 'failure' | 'skipped';
  readonly outputs: Readonly<Record<string, string>>;
}

const KILLED = /^CANCELLED$/m;

export class Steps {
  readonly #setting: JobSetting;
  readonly #workspace: string;
  readonly #states: Record<string, StepState> = {};
  #added: Record<string, string> = {};
  #status: Status = 'success';
  log = '';
  /** Indexes of the steps that ran a line of their own. */
  readonly ran: number[] = [];

  private constructor(setting: JobSetting, workspace: string) {
    this.#setting = setting;
    this.#workspace = workspace;
  }

  static async in(setting: JobSetting): Promise<Steps> {
    await mkdir(setting.world.folder, { recursive: true });
    return new Steps(setting, await mkdtemp(join(setting.world.folder, 'job-')));
  }

  get status(): Status {
    return this.#status;
  }

  get scope(): Scope {
    const { contexts, env } = this.#setting;
    return {
      contexts: { ...contexts, env: { ...env, ...this.#added }, steps: this.#states, job: { status: this.#status } },
      status: this.#status,
    };
  }

  async run(): Promise<void> {
    for (const [index, step] of this.#setting.job.steps.entries()) {
      const id = step.id ?? `step-${index}`;
      if (!holds(step.if, this.scope)) {
        this.#states[id] = { outcome: 'skipped', outputs: {} };
        continue;
      }
      if (step.run !== undefined) this.ran.push(index);
      this.log += `== ${step.name ?? step.uses ?? step.run}\n`;
      this.#states[id] = await this.#ended(step);
    }
  }

  async #ended(step: Step): Promise<StepState> {
    try {
      return { outcome: 'success', outputs: await this.#one(step) };
    } catch (error) {
      this.log += `${error instanceof Error ? error.message : String(error)}\n`;
      if (this.#status === 'success') this.#status = KILLED.test(this.log) ? 'cancelled' : 'failure';
      return { outcome: 'failure', outputs: {} };
    }
  }

  async #one(step: Step): Promise<Record<string, string>> {
    const { scope } = this;
    if (step.uses !== undefined) return this.#use(step.uses, step, scope);
    if (step.run === undefined) throw new Error('a step uses nothing and runs nothing');
    const env = Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, interpolate(text, scope)]));
    return this.#bash(interpolate(step.run, scope), env);
  }

  async #use(uses: string, step: Step, scope: Scope): Promise<Record<string, string>> {
    const { world, artifacts, assume, uploaded } = this.#setting;
    const action = actions[uses.replace(/@.*/, '')];
    if (action === undefined)
      throw new Error(`${uses} has no stand-in: give it one in scripts/workflow-run/actions.ts`);
    const inputs = Object.fromEntries(
      Object.entries(step.with).map(([name, text]) => [name, interpolate(text, scope)]),
    );
    const { env = {}, outputs = {} } = await action({
      inputs,
      workspace: this.#workspace,
      artifacts,
      assume,
      uploaded,
      appToken: () => world.github.token({ contents: 'write', 'pull-requests': 'write' }),
    });
    this.#added = { ...this.#added, ...env };
    return { ...outputs };
  }

  /** As GitHub runs it with `shell: bash`. @throws Error when it ends with another code than 0 */
  async #bash(script: string, own: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const { world, env } = this.#setting;
    const place = (name: string): string => join(this.#workspace, `.${name}`);
    const files = { GITHUB_OUTPUT: place('output'), GITHUB_ENV: place('env'), GITHUB_STEP_SUMMARY: place('summary') };
    for (const file of [files.GITHUB_OUTPUT, files.GITHUB_ENV]) await writeFile(file, '');
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd: this.#workspace,
      env: { HOME: this.#workspace, ...programVariables(world.programs), ...env, ...this.#added, ...own, ...files },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.log += text;
      });
    const [code] = (await once(child, 'close')) as [number | null];
    this.#added = { ...this.#added, ...readPairs(await readFile(files.GITHUB_ENV, 'utf8')) };
    const outputs = readPairs(await readFile(files.GITHUB_OUTPUT, 'utf8'));
    this.log += await readFile(files.GITHUB_STEP_SUMMARY, 'utf8').catch(() => '');
    if (code !== 0) throw new Error(`ended with ${code}`);
    return outputs;
  }
}
