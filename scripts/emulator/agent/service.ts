/** The tasks of one ECS service, kept at the count and the task definition that the service asks for. */

import type { Service } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Place, type Program, type StopOrder, type StopTimes, Task } from './task.ts';

export interface ServiceParts {
  readonly client: ElasticLoadBalancingV2Client;
  readonly times: StopTimes;
  /** An address of this machine that nothing else listens at. */
  readonly address: () => string;
  readonly programOf: (service: Service, place: Place) => Promise<Program>;
  /** How tasks are stopped from now on. */
  readonly order: () => StopOrder;
}

/** A start that fails as often as this is not tried again. */
const ATTEMPTS = 3;

export class RunningService {
  readonly #parts: ServiceParts;
  #tasks: Task[] = [];
  readonly #ended: Task[] = [];
  #failed = 0;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  /** Every task it ever had. */
  get history(): readonly Task[] {
    return [...this.#ended, ...this.#tasks];
  }

  get running(): number {
    return this.#tasks.filter(({ ended, stopping }) => !ended && !stopping).length;
  }

  get failed(): number {
    return this.#failed;
  }

  /** Starts what is missing; stops what is too many, tasks of an earlier task definition first. */
  async follow(service: Service): Promise<void> {
    this.#bury();
    const { taskDefinition = '', desiredCount = 0 } = service;
    const wanted = this.#tasks.filter(({ stopping }) => !stopping);
    const current = wanted.filter((task) => task.taskDefinition === taskDefinition);
    if (current.length < desiredCount && this.#failed < ATTEMPTS) {
      await Promise.all(Array.from({ length: desiredCount - current.length }, () => this.#start(service)));
      return;
    }
    const stale = wanted.filter((task) => !current.includes(task));
    for (const task of [...stale, ...current.slice(desiredCount)])
      void task.stop(this.#parts.order(), this.#parts.times).catch(() => task.kill());
  }

  #bury(): void {
    for (const task of this.#tasks.filter(({ ended }) => ended)) {
      this.#ended.push(task);
      if (task.stopping) continue;
      this.#failed++;
      // ECS takes a task that has ended out of the target group, and starts another.
      void task.stop('signal-first', this.#parts.times).catch(() => {});
    }
    this.#tasks = this.#tasks.filter(({ ended }) => !ended);
  }

  async #start(service: Service): Promise<void> {
    const { taskDefinition = '', loadBalancers: [attached] = [] } = service;
    const { client, address, programOf } = this.#parts;
    const place = {
      targetGroup: attached?.targetGroupArn ?? '',
      address: address(),
      port: attached?.containerPort ?? 0,
    };
    const task = new Task(client, taskDefinition, place, await programOf(service, place));
    this.#tasks.push(task);
    await task.register();
  }

  async stop(): Promise<void> {
    for (const task of this.#tasks) task.kill();
  }
}
