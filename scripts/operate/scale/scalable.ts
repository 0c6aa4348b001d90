/** What `npm run scale` can change: an ECS service, or a group of instances. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { runningNames } from '../running.ts';
import type { Counts } from './counts.ts';

export interface Scalable {
  /** Such as `service countersign-staging-service`. */
  readonly name: string;
  /** Undefined: it does not exist. */
  read(): Promise<Counts | undefined>;
  /** Sets bounds first and the count after. */
  write(wanted: Counts): Promise<void>;
}

/** The name that Application Auto Scaling has for an ECS service. */
export const resourceOf = (cluster: string, service: string): string => `service/${cluster}/${service}`;

export const ecsDimension = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;

/** Who sets what of an environment once it stands: the settings that say so are in contracts/settings/owned.ts. */
export interface Ownership {
  /** The count is not Terraform's. */
  readonly count: boolean;
  /** Nor are its bounds. */
  readonly bounds: boolean;
  /** Nor are the counts of schedules. */
  readonly schedules: boolean;
}

export const ownershipOf = ({ settings }: Deployment): Ownership => {
  const scheduled = settings.weekend_only || Object.keys(settings.scale_schedules).length > 0;
  if (settings.compute_mode !== 'fargate') return { count: settings.autoscale, bounds: false, schedules: false };
  return {
    count: settings.autoscale || settings.blue_green || scheduled,
    bounds: settings.blue_green || scheduled,
    schedules: settings.blue_green,
  };
};

/** Names of the services of a colour, or of all. */
export const servicesOf = (deployment: Deployment, colour: string): readonly (readonly [string, string])[] =>
  Object.entries(runningNames(deployment).services).filter(([each]) => colour === 'all' || each === colour);
