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

/** Names of the services of a colour, or of all. */
export const servicesOf = (deployment: Deployment, colour: string): readonly (readonly [string, string])[] =>
  Object.entries(runningNames(deployment).services).filter(([each]) => colour === 'all' || each === colour);
