/** What every layer of one environment in one region is built from. */
import type { Settings } from '../../contracts/settings/resolve.ts';
import { type Shape, shapeOf } from '../../contracts/settings/shape.ts';
import { type Names, namesOf } from './names.ts';

/**
 * Where the plan is made for. aws: the real thing, its state in S3. offline: a plan without credentials, against
 * nothing. emulator: a stand-in for AWS at `url`; what that cannot do is left out, see docs/emulator.md. The last two
 * keep their state in a folder; that of a stand-in without one is in its own S3.
 */
export type DeploymentTarget =
  | { readonly kind: 'aws' }
  | { readonly kind: 'offline'; readonly stateFolder: string }
  | { readonly kind: 'emulator'; readonly stateFolder?: string; readonly url: string };

export interface Deployment {
  /** The environment's settings, with those of the region in place. */
  readonly settings: Settings;
  /** What it consists of. */
  readonly shape: Shape;
  readonly region: string;
  /** The first of the environment's regions, which holds what exists once. */
  readonly primary: boolean;
  readonly names: Names;
  readonly target: DeploymentTarget;
  /** Folder with the archives of the functions. Default: where `npm run build` puts them. */
  readonly archives?: string | undefined;
  /** File and line of a setting, to be named where what it becomes is refused. */
  readonly place?: ((setting: string) => string | undefined) | undefined;
}

/** @param index of the region among the environment's; the first is the primary one */
export const deploymentOf = (
  settings: Settings,
  index: number,
  { target, archives, place }: Pick<Deployment, 'target' | 'archives' | 'place'>,
): Deployment => ({
  settings,
  shape: shapeOf(settings),
  region: settings.regions[0] ?? '',
  primary: index === 0,
  names: namesOf(settings),
  target,
  archives,
  place,
});
