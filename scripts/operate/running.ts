/** Names under which an environment's parts run, as the modules give them. */
import type { Deployment } from '../../modules/stacks/deployment.ts';

export interface RunningNames {
  readonly cluster: string;
  /** ECS services by colour. */
  readonly services: Readonly<Record<string, string>>;
  readonly scalingGroup: string;
  readonly function: string;
  /** What callers of the function name. */
  readonly alias: string;
  readonly authorizer: string;
  readonly loadBalancer: string;
  readonly httpApi: string;
  readonly database: string;
  readonly cache: string;
}

export const runningNames = ({ names, shape }: Deployment): RunningNames => ({
  cluster: names.of('cluster'),
  // Blue has the plain name, so that a second colour leaves the first as it is.
  services: Object.fromEntries(
    shape.colours.map((colour) => [
      colour,
      colour === 'blue' ? names.of('service') : `${names.of('service')}-${colour}`,
    ]),
  ),
  scalingGroup: names.of('service'),
  function: names.of('service'),
  alias: 'live',
  authorizer: names.of('authorizer'),
  loadBalancer: names.of('load-balancer'),
  httpApi: names.of('api'),
  database: names.of('database'),
  cache: names.of('cache'),
});
