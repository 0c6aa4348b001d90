/** Tasks that RunTask starts: one process each, which ends by itself and belongs to no service. */
import { type ChildProcess, spawn } from 'node:child_process';
import { DescribeTasksCommand, type ECSClient, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import type { Program } from './task.ts';

/** What runs in place of such a task. @param command what its container is to run instead of its own */
export type OneOffProgram = (taskDefinition: string, command: readonly string[]) => Promise<Program>;

export interface OneOff {
  /** ARN. */
  readonly taskDefinition: string;
  readonly command: readonly string[];
  readonly child: ChildProcess;
  /** What it wrote last, on both of its streams. */
  said: string;
}

const commandOf = ({ overrides }: Task): readonly string[] => overrides?.containerOverrides?.[0]?.command ?? [];

export class OneOffs {
  readonly #begun = new Map<string, OneOff>();
  readonly #programOf: OneOffProgram;

  constructor(programOf: OneOffProgram) {
    this.#programOf = programOf;
  }

  get all(): readonly OneOff[] {
    return [...this.#begun.values()];
  }

  /** Exit codes by the task's ARN; null while it runs. */
  get codes(): Readonly<Record<string, number | null>> {
    return Object.fromEntries([...this.#begun].map(([arn, { child }]) => [arn, child.exitCode]));
  }

  /** Starts what was asked for since. */
  async follow(ecs: ECSClient, cluster: string): Promise<void> {
    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster }));
    const asked = taskArns.filter((arn) => !this.#begun.has(arn));
    if (asked.length === 0) return;
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: asked }));
    for (const task of tasks) await this.#start(task);
  }

  async #start(task: Task): Promise<void> {
    const { taskArn = '', taskDefinitionArn: taskDefinition = '' } = task;
    const command = commandOf(task);
    const { args, env } = await this.#programOf(taskDefinition, command);
    const child = spawn(process.execPath, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const begun: OneOff = { taskDefinition, command, child, said: '' };
    this.#begun.set(taskArn, begun);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        begun.said = (begun.said + chunk.toString()).slice(-200_000);
      });
  }

  stop(): void {
    for (const { child } of this.#begun.values()) child.kill('SIGKILL');
  }
}
