/** Times at which the bounds of a service's task count change. */
import { AppautoscalingScheduledAction } from '@cdktf/provider-aws/lib/appautoscaling-scheduled-action/index.js';
import { Construct } from 'constructs';
import type { Scalable } from './scalable.ts';

export interface SchedulesProps {
  /** Start of the actions' names. */
  readonly name: string;
  readonly scalable: Scalable;
  /** By name. */
  readonly schedules: Readonly<Record<string, CountSchedule>>;
  /** A cutover swaps the bounds of two colours' actions, so that Terraform leaves them alone. */
  readonly boundsAreManaged: boolean;
}

export interface CountSchedule {
  /** Six-field AWS cron expression, UTC. */
  readonly cron: string;
  readonly min: number;
  readonly max: number;
}

/** Saturdays and Sundays from one hour to another, UTC. */
export const weekend = (
  hours: { start: number; end: number },
  min: number,
  max: number,
): Record<string, CountSchedule> => ({
  'weekend-up': { cron: `cron(0 ${hours.start} ? * SAT,SUN *)`, min, max },
  'weekend-down': { cron: `cron(0 ${hours.end} ? * SAT,SUN *)`, min: 0, max: 0 },
});

export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { name, scalable, schedules, boundsAreManaged }: SchedulesProps) {
    super(scope, id);
    for (const [schedule, { cron, min, max }] of Object.entries(schedules))
      new AppautoscalingScheduledAction(this, schedule, {
        name: `${name}-${schedule}`,
        ...scalable,
        schedule: cron,
        timezone: 'UTC',
        // The provider takes texts here.
        scalableTargetAction: { minCapacity: String(min), maxCapacity: String(max) },
        ...(boundsAreManaged && { lifecycle: { ignoreChanges: ['scalable_target_action'] } }),
      });
  }
}
