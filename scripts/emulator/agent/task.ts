/** One task of an ECS service: a process, registered with the service's target group while it is wanted. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';

/** How a task's container is run on this machine. */
export interface Program {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Place {
  readonly targetGroup: string;
  readonly address: string;
  readonly port: number;
}

/** In which order a task is stopped. As ECS does when it scales in, or as a Spot interruption and a StopTask do. */
export type StopOrder = 'drain-first' | 'signal-first';

export interface StopTimes {
  /** Between SIGTERM and SIGKILL. */
  readonly stopTimeoutMs: number;
  /** Between two looks at a target that drains. */
  readonly pollMs: number;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class Task {
  readonly taskDefinition: string;
  readonly #place: Place;
  readonly #client: ElasticLoadBalancingV2Client;
  readonly #child: ChildProcess;
  #said = '';
  #stopping: Promise<void> | undefined;

  constructor(client: ElasticLoadBalancingV2Client, taskDefinition: string, place: Place, program: Program) {
    this.taskDefinition = taskDefinition;
    this.#client = client;
    this.#place = place;
    this.#child = spawn(process.execPath, [...program.args], { env: program.env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.#child);
    this.#child.once('exit', () => running.delete(this.#child));
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString()).slice(-200_000);
      });
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  get stopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** The process's exit code, once it has ended by itself or by SIGTERM. */
  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it wrote last, on both of its streams. */
  get said(): string {
    return this.#said;
  }

  get place(): Place {
    return this.#place;
  }

  /** ECS registers a task once its container runs, and leaves it to the health checks when it gets requests. */
  async register(): Promise<void> {
    await this.#client.send(new RegisterTargetsCommand(this.#target()));
  }

  stop(order: StopOrder, times: StopTimes): Promise<void> {
    this.#stopping ??= order === 'drain-first' ? this.#drainFirst(times) : this.#signalFirst(times);
    return this.#stopping;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #drainFirst(times: StopTimes): Promise<void> {
    await this.#client.send(new DeregisterTargetsCommand(this.#target()));
    while ((await this.#state()) === 'draining') await sleep(times.pollMs);
    await this.#terminate(times);
  }

  async #signalFirst(times: StopTimes): Promise<void> {
    await this.#terminate(times);
    await this.#client.send(new DeregisterTargetsCommand(this.#target()));
  }

  async #terminate({ stopTimeoutMs }: StopTimes): Promise<void> {
    if (this.ended) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const stubborn = setTimeout(() => this.#child.kill('SIGKILL'), stopTimeoutMs);
    await exited;
    clearTimeout(stubborn);
  }

  #target() {
    const { targetGroup, address: Id, port: Port } = this.#place;
    return { TargetGroupArn: targetGroup, Targets: [{ Id, Port }] };
  }

  async #state(): Promise<string | undefined> {
    const answer = await this.#client.send(new DescribeTargetHealthCommand(this.#target()));
    return answer.TargetHealthDescriptions?.[0]?.TargetHealth?.State;
  }
}
