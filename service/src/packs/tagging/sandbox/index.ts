/** The stand-in cloud, filled and ready. */
import { pino } from 'pino';
import type { TaggableType } from '../../../../../contracts/packs/tagging.ts';
import type { AccessStory } from '../../../ports/accounts.ts';
import type { Tables } from '../../../ports/tables.ts';
import type { Costs } from '../cost/costs.ts';
import type { Trail } from '../drift/trail.ts';
import type { Estate } from '../estate/estate.ts';
import type { Organizations } from '../policy/organizations.ts';
import { fixedPolicy, type LoadedPolicy } from '../policy/policy.ts';
import { createScans } from '../scan/scans.ts';
import { accessStories } from './access-stories.ts';
import { createSandboxCosts } from './costs.ts';
import { createSandboxEstate, type SandboxBehaviour } from './estate.ts';
import { seedHistory } from './history.ts';
import { sandboxOrganizations } from './organizations.ts';
import { sandboxPolicy } from './policy.ts';
import { createResources, seedResources } from './resources.ts';
import { createSandboxTrail } from './trail.ts';

export interface SandboxParts {
  readonly tables: Tables;
  readonly now: () => Date;
  /** Types the estate lists. Default: those that are enabled where none is chosen. */
  readonly types?: readonly TaggableType[];
  /** What a test may make it do. */
  readonly behaviour?: SandboxBehaviour;
}

export interface Sandbox {
  readonly estate: Estate;
  readonly costs: Costs;
  readonly trail: Trail;
  readonly organizations: Organizations;
  /** The policy that holds where the operator names no other. */
  readonly ownPolicy: () => LoadedPolicy;
  readonly demonstrates: readonly AccessStory[];
}

/** Opens the sandbox; on its first start it makes resources and a history of scans, afterwards it finds them. */
export const openSandbox = async ({ tables, now, types, behaviour }: SandboxParts): Promise<Sandbox> => {
  await seedResources(tables, now(), types);
  const estate = createSandboxEstate({ tables, types, ...(behaviour && { behaviour }) });
  const costs = createSandboxCosts(tables);
  const parts = { estate, costs, policy: fixedPolicy(sandboxPolicy()), scans: createScans(tables, now), now };
  const nobodyListens = pino({ level: 'silent' });
  await seedHistory(parts, {
    signal: new AbortController().signal,
    log: nobodyListens,
  });
  const { wasWritten } = createResources(tables);
  const trail = createSandboxTrail({ estate, scans: parts.scans, wasWritten, now });
  return {
    estate,
    costs,
    trail,
    organizations: sandboxOrganizations,
    ownPolicy: sandboxPolicy,
    demonstrates: accessStories,
  };
};
