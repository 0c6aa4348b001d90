/** Opens the tagging pack on the estate that the configuration names. */

import type { ToolName } from '../../../../contracts/packs/index.ts';
import type { Pack, PackServices } from '../pack.ts';
import { createAppliedChanges } from './changes/applied-changes.ts';
import type { Costs } from './cost/costs.ts';
import { rememberingTrail } from './drift/remembered.ts';
import type { Trail } from './drift/trail.ts';
import type { Estate } from './estate/estate.ts';
import { taggingTools, withScanner } from './index.ts';
import { compliancePage } from './pages/compliance.ts';
import { styles } from './pages/styles.ts';
import { defaultPolicy, fixedPolicy, type LoadedPolicy } from './policy/policy.ts';
import { readPolicyFile } from './policy/policy-file.ts';
import { policyResource, taggingPrompts } from './prompts.ts';
import type { SandboxBehaviour } from './sandbox/estate.ts';
import { wholeExtent } from './scan/extent.ts';
import { createScans, historyToNow } from './scan/scans.ts';

interface OpenEstate {
  readonly estate: Estate;
  readonly costs: Costs;
  readonly trail: Trail;
  readonly ownPolicy: () => LoadedPolicy;
  readonly demonstrates?: Pack['demonstrates'];
}

const openEstate = async (services: PackServices, behaviour: SandboxBehaviour | undefined): Promise<OpenEstate> => {
  const { config, tables, now, metrics } = services;
  if (config.ESTATE === 'aws') {
    const { openAwsEstate } = await import('./aws/index.ts');
    return { ...openAwsEstate({ config, metrics, now }), ownPolicy: defaultPolicy };
  }
  const { openSandbox } = await import('./sandbox/index.ts');
  return openSandbox({ tables, now, types: config.ESTATE_TYPES, ...(behaviour && { behaviour }) });
};

/**
 * @param behaviour what a test makes the sandbox do
 * @throws PolicyError naming TAG_POLICY_FILE and what is wrong in it
 */
export const openTagging = async (services: PackServices, behaviour?: SandboxBehaviour): Promise<Pack> => {
  const { config, tables, ephemeral, jobs, pipeline, holders, metrics, now } = services;
  const { estate, costs, trail, ownPolicy, demonstrates } = await openEstate(services, behaviour);
  const loaded = config.TAG_POLICY_FILE === undefined ? ownPolicy() : await readPolicyFile(config.TAG_POLICY_FILE);
  const policy = fixedPolicy(loaded);
  const scans = createScans(tables, now);
  const applied = createAppliedChanges(tables, now);
  const own: readonly string[] = ['bulk_tag_resources', 'untag_resources'] satisfies ToolName[];
  const pack = withScanner({
    estate,
    costs,
    trail: rememberingTrail(trail, ephemeral, config.ESTATE !== 'aws'),
    policy,
    scans,
    applied,
    metrics,
    now,
    ephemeral,
    jobs,
    settings: {
      publicUrl: config.PUBLIC_URL,
      allowSelfConfirm: config.ALLOW_SELF_CONFIRM,
      crossAccountRoleName: config.CROSS_ACCOUNT_ROLE_NAME,
      crossAccountExternalId: config.CROSS_ACCOUNT_EXTERNAL_ID,
      approvers: holders('tag:approve'),
    },
    decide: async ({ operationId, action, comment, approvalHash, caller }, context) =>
      pipeline.outcome(
        await pipeline.decide({ operationId, decision: action, comment, approvalHash }, caller, context),
      ),
    pending: async (caller) =>
      (await pipeline.seenBy(caller).waiting())
        .filter((operation) => own.includes(operation.tool))
        .map((operation) => operation.operationId),
  });
  return {
    tools: taggingTools(pack),
    ...(pack.longScans && { workers: [pack.longScans.worker] }),
    resources: [policyResource(policy)],
    prompts: taggingPrompts({ estate, policy }),
    accounts: {
      AWS: async () =>
        (await estate.accounts()).map(({ accountId, name }) => ({
          accountId,
          ...(name !== accountId && { accountName: name }),
        })),
    },
    pages: [
      compliancePage({
        changedSince: async (timestamp) => (await applied.since(timestamp, loaded.version)).length,
        history: async (days) => historyToNow(scans, await wholeExtent(estate), days),
        policy: {
          version: loaded.version,
          requiredTags: loaded.policy.required_tags.map((tag) => tag.name),
          source: loaded.source,
        },
      }),
    ],
    styles,
    ...(demonstrates && { demonstrates }),
    facts: () => ({ policy_source: loaded.source }),
  };
};
