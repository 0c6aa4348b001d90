/** The AWS estate and its costs, opened from settings. Nothing is called before the first scan. */
import { firstTypeNames, type TaggableType } from '../../../../../contracts/packs/tagging/types/index.ts';
import type { Metrics } from '../../../ports/metrics.ts';
import type { Costs } from '../cost/costs.ts';
import type { Trail } from '../drift/trail.ts';
import type { Estate } from '../estate/estate.ts';
import type { Organizations } from '../policy/organizations.ts';
import { createClients } from './clients.ts';
import { createAwsCosts } from './costs.ts';
import { createAwsEstate } from './estate.ts';
import { lazyOrganizations } from './lazy-organizations.ts';
import { defaultTimeouts, type Timeouts } from './place.ts';
import { type AwsSettings, createSessions } from './sessions.ts';
import { createAwsTrail } from './trail.ts';

export interface AwsEstateConfig {
  readonly AWS_REGION?: string | undefined;
  readonly AWS_ENDPOINT_URL?: string | undefined;
  readonly ESTATE_ACCOUNTS: readonly string[];
  readonly ESTATE_REGIONS: readonly string[];
  /** Default: those that are enabled where none is chosen. */
  readonly ESTATE_TYPES?: readonly TaggableType[];
  readonly CROSS_ACCOUNT_ROLE_NAME: string;
  readonly CROSS_ACCOUNT_EXTERNAL_ID?: string | undefined;
}

const settingsOf = (config: AwsEstateConfig): AwsSettings => ({
  region: config.AWS_REGION ?? 'us-east-1',
  endpoint: config.AWS_ENDPOINT_URL,
  accounts: config.ESTATE_ACCOUNTS,
  regions: config.ESTATE_REGIONS,
  roleName: config.CROSS_ACCOUNT_ROLE_NAME,
  externalId: config.CROSS_ACCOUNT_EXTERNAL_ID,
});

export const openAwsEstate = (parts: {
  readonly config: AwsEstateConfig;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly timeouts?: Timeouts;
}): {
  readonly estate: Estate;
  readonly costs: Costs;
  readonly trail: Trail;
  readonly organizations: Organizations;
} => {
  const settings = settingsOf(parts.config);
  const { timeouts = defaultTimeouts } = parts;
  const sessions = createSessions(settings, parts.metrics, parts.now, timeouts.callMs);
  const aws = { sessions, clients: createClients(settings, sessions), metrics: parts.metrics, timeouts };
  const types = parts.config.ESTATE_TYPES ?? firstTypeNames;
  return {
    estate: createAwsEstate({ ...aws, settings, types }),
    costs: createAwsCosts({ ...aws, settings, now: parts.now }),
    trail: createAwsTrail(aws),
    organizations: lazyOrganizations({ ...aws, settings }),
  };
};
