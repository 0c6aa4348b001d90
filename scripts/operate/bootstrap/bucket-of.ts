/** The state bucket of an environment. */
import type { Operated } from '../operated.ts';
import type { StateBucket } from './state-bucket.ts';

export const bucketOf = ({ settings }: Pick<Operated, 'settings'>): StateBucket => ({
  name: settings.state_bucket,
  region: settings.state_region,
  account: settings.account_id,
  // Environments may share it.
  tags: { ...settings.tags, Project: settings.project_name, ManagedBy: 'npm run bootstrap' },
});
