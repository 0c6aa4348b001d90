/** Whose something in the account is, where its name alone does not say so: `app-staging-errors` begins as what is called `app-*`. */
import type { Settings } from '../../contracts/settings/resolve.ts';

export type Whose = Pick<Settings, 'name_prefix' | 'project_name' | 'environment'>;

/**
 * Whether tags name another environment. What has none of them was made by hand, and is of whoever its name says.
 * @example `isOthers({ project_name: 'app', environment: 'prod' }, { Project: 'app', Environment: 'staging' })` is true
 */
export const isOthers = (
  { project_name, environment }: Pick<Whose, 'project_name' | 'environment'>,
  tags: Readonly<Record<string, string | undefined>>,
): boolean => {
  if (tags.Project === undefined && tags.Environment === undefined) return false;
  return tags.Project !== project_name || tags.Environment !== environment;
};
