/** Opens the tagging pack on the estate that the configuration names. */

import { scopesOfRoles } from '../../contracts/scopes.ts';
import { demoPeople } from './auth/people.ts';
import type { Config } from './config.ts';
import { createAppliedChanges } from './packs/tagging/changes/applied-changes.ts';
import type { Costs } from './packs/tagging/cost/costs.ts';
import type { Estate } from './packs/tagging/estate/estate.ts';
import { taggingPack } from './packs/tagging/index.ts';
import { defaultPolicy, fixedPolicy, type LoadedPolicy } from './packs/tagging/policy/policy.ts';
import { readPolicyFile } from './packs/tagging/policy/policy-file.ts';
import { policyResource, taggingPrompts } from './packs/tagging/prompts.ts';
import type { SandboxBehaviour } from './packs/tagging/sandbox/estate.ts';
import { wholeExtent } from './packs/tagging/scan/extent.ts';
import { createScans, historyToNow } from './packs/tagging/scan/scans.ts';
import type { OpenPack, PackServices } from './start/assemble.ts';

interface OpenEstate {
  readonly estate: Estate;
  readonly costs: Costs;
  readonly ownPolicy: () => LoadedPolicy;
}

const openEstate = async (services: PackServices, behaviour: SandboxBehaviour | undefined): Promise<OpenEstate> => {
  const { config, state, now, metrics } = services;
  if (config.ESTATE === 'aws') {
    const { openAwsEstate } = await import('./packs/tagging/aws/index.ts');
    return { ...openAwsEstate({ config, metrics, now }), ownPolicy: defaultPolicy };
  }
  const { openSandbox } = await import('./packs/tagging/sandbox/index.ts');
  return openSandbox({ tables: state.tables, now, ...(behaviour && { behaviour }) });
};

const approvers = (config: Config): string[] =>
  config.SSO_ISSUER === undefined
    ? demoPeople.filter((person) => scopesOfRoles(person.roles).has('tag:approve')).map((person) => person.email)
    : [];

/**
 * @param behaviour what a test makes the sandbox do
 * @throws PolicyError naming TAG_POLICY_FILE and what is wrong in it
 */
export const openTagging = async (services: PackServices, behaviour?: SandboxBehaviour): Promise<OpenPack> => {
  const { config, state, pipeline, metrics, now } = services;
  const { estate, costs, ownPolicy } = await openEstate(services, behaviour);
  const loaded = config.TAG_POLICY_FILE === undefined ? ownPolicy() : await readPolicyFile(config.TAG_POLICY_FILE);
  const policy = fixedPolicy(loaded);
  const scans = createScans(state.tables, now);
  const applied = createAppliedChanges(state.tables, now);
  const tools = taggingPack({
    estate,
    costs,
    policy,
    scans,
    applied,
    metrics,
    now,
    ephemeral: state.ephemeral,
    settings: {
      publicUrl: config.PUBLIC_URL,
      allowSelfConfirm: config.ALLOW_SELF_CONFIRM,
      crossAccountRoleName: config.CROSS_ACCOUNT_ROLE_NAME,
      crossAccountExternalId: config.CROSS_ACCOUNT_EXTERNAL_ID,
      approvers: approvers(config),
    },
    decide: async ({ operationId, action, comment, approvalHash, caller, via }, context) =>
      pipeline.outcome(
        await pipeline.decide({ operationId, decision: action, comment, approvalHash, via }, caller, context),
      ),
    pending: async () => (await pipeline.waiting()).map((operation) => operation.operationId),
  });
  return {
    contents: { tools, resources: [policyResource(policy)], prompts: taggingPrompts({ estate, policy }) },
    accounts: async () => (await estate.accounts()).map((account) => account.accountId),
    compliance: {
      changedSince: async (timestamp) => (await applied.since(timestamp, loaded.version)).length,
      history: async (days) => historyToNow(scans, await wholeExtent(estate), days),
      policy: async () => ({
        version: loaded.version,
        requiredTags: loaded.policy.required_tags.map((tag) => tag.name),
        source: loaded.source,
      }),
    },
    policySource: () => loaded.source,
  };
};
