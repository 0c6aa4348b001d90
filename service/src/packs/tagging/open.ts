/** Opens the tagging pack on the estate that the configuration names. */

import type { ToolName } from '../../../../contracts/packs/index.ts';
import type { Scope } from '../../../../contracts/scopes.ts';
import type { Pack, PackServices } from '../pack.ts';
import { createAudits } from './audits/audits.ts';
import { auditWorker } from './audits/run.ts';
import { createAppliedChanges } from './changes/applied-changes.ts';
import type { Costs } from './cost/costs.ts';
import { keptDrift } from './drift/kept.ts';
import { rememberingTrail } from './drift/remembered.ts';
import type { Trail } from './drift/trail.ts';
import type { Estate } from './estate/estate.ts';
import { taggingTools, withScanner } from './index.ts';
import { auditsPage } from './pages/audits.ts';
import { compliancePage } from './pages/compliance.ts';
import { driftPage } from './pages/drift.ts';
import { exportsPage } from './pages/exports.ts';
import { historyPage } from './pages/history.ts';
import { taggingPolicyPage } from './pages/policy.ts';
import { taggingStyles } from './pages/styles.ts';
import { unattributedPage } from './pages/unattributed.ts';
import { violationsPage } from './pages/violations.ts';
import type { Organizations } from './policy/organizations.ts';
import { defaultPolicy, type LoadedPolicy } from './policy/policy.ts';
import { reimportJob, reimportWorker } from './policy/reimport.ts';
import { openPolicy } from './policy/start.ts';
import { createPolicyVersions } from './policy/versions.ts';
import { policyResource, policyVersionsResource, taggingPrompts } from './prompts.ts';
import { keptViolations } from './reports/kept-violations.ts';
import type { SandboxBehaviour } from './sandbox/estate.ts';
import { extentHash, wholeExtent } from './scan/extent.ts';
import type { ScanLimits } from './scan/scan-limits.ts';
import type { TaggingPack } from './scan/scan-tool.ts';
import { createScans, historyToNow } from './scan/scans.ts';
import { RETENTION_DAYS } from './scan/stored-scan.ts';
import { changeTaggingPolicy } from './tools/change-tagging-policy.ts';

interface OpenEstate {
  readonly estate: Estate;
  readonly costs: Costs;
  readonly trail: Trail;
  readonly organizations: Organizations;
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

const POLICY_CHANGE = 'change_tagging_policy' satisfies ToolName;

/** What a test makes different. */
export interface TaggingUnderTest {
  /** What the sandbox does. */
  readonly behaviour?: SandboxBehaviour;
  /** When a scan is too long for its call. */
  readonly limits?: ScanLimits;
}

/** @throws PolicyError naming TAG_POLICY_FILE or AUTO_IMPORT_AWS_POLICY and what is wrong */
export const openTagging = async (services: PackServices, tested: TaggingUnderTest = {}): Promise<Pack> => {
  const { config, tables, ephemeral, jobs, pipeline, holders, metrics, log, now, notify } = services;
  const { estate, costs, trail, organizations, ownPolicy, demonstrates } = await openEstate(services, tested.behaviour);
  const versions = createPolicyVersions(tables, now);
  const policy = await openPolicy({ config, versions, organizations, own: ownPolicy(), log, now });
  const scans = createScans(tables, now);
  const applied = createAppliedChanges(tables, now);
  const audits = createAudits(tables, jobs, now);
  const own: readonly string[] = ['bulk_tag_resources', 'untag_resources'] satisfies ToolName[];
  const pack: TaggingPack = withScanner({
    estate,
    costs,
    trail: rememberingTrail(trail, ephemeral, config.ESTATE !== 'aws'),
    audits,
    notify,
    policy,
    versions,
    organizations,
    requestPolicyChange: ({ input, reason, idempotencyKey }, context) =>
      pipeline.submit(changeTaggingPolicy(pack), { input, reason, idempotencyKey }, context),
    scans,
    applied,
    metrics,
    now,
    ephemeral,
    jobs,
    objects: services.objects,
    ...(tested.limits && { limits: tested.limits }),
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
  const follows = config.AUTO_IMPORT_AWS_POLICY && policy.fixedBy === undefined;
  const waitingChanges = async (scopes: ReadonlySet<Scope>) =>
    (await pipeline.seenBy({ scopes }).waiting()).filter(({ tool }) => tool === POLICY_CHANGE);
  const changedSince = async (timestamp: string) =>
    (await applied.since(timestamp, (await policy.current()).version)).length;
  const accountNames = async () => new Map((await estate.accounts()).map(({ accountId, name }) => [accountId, name]));
  return {
    tools: taggingTools(pack),
    resources: [policyResource(policy), policyVersionsResource(versions)],
    prompts: taggingPrompts({ estate, policy }),
    accounts: {
      AWS: async () =>
        (await estate.accounts()).map(({ accountId, name }) => ({
          accountId,
          ...(name !== accountId && { accountName: name }),
        })),
    },
    pages: [
      auditsPage({ audits, timeZone: config.TIME_ZONE }),
      driftPage({ find: keptDrift(pack) }),
      violationsPage({
        find: keptViolations(pack),
        changedSince,
        accountNames,
      }),
      historyPage({
        scans: async (days) => scans.history(extentHash(await wholeExtent(estate)), days),
        extent: () => wholeExtent(estate),
      }),
      exportsPage(services.objects),
      unattributedPage({
        completeScans: async () =>
          (await scans.history(extentHash(await wholeExtent(estate)), RETENTION_DAYS)).filter(
            ({ quality }) => quality === 'complete',
          ),
        gap: (scan) => scans.gap(scan),
        accountNames,
      }),
      compliancePage({
        changedSince,
        history: async (days) => historyToNow(scans, await wholeExtent(estate), days),
        policy: async () => {
          const { version, policy: held, source } = await policy.current();
          return { version, requiredTags: held.required_tags.map((tag) => tag.name), source };
        },
      }),
      taggingPolicyPage({
        policy,
        versions,
        follows: follows ? (config.AWS_POLICY_ID ?? 'effective') : undefined,
        waiting: waitingChanges,
      }),
    ],
    workers: [
      auditWorker({ pack, audits, notify }),
      ...(pack.longScans ? [pack.longScans.worker] : []),
      ...(follows
        ? [
            reimportWorker({
              pack,
              policyId: config.AWS_POLICY_ID,
              waiting: async () => (await waitingChanges(new Set(['admin']))).map(({ operationId }) => operationId),
            }),
          ]
        : []),
    ],
    ...(follows && { jobs: [reimportJob] }),
    styles: taggingStyles,
    ...(demonstrates && { demonstrates }),
    facts: () => {
      const { origin, policy: held } = policy.seen();
      return { policy_source: origin.source, policy_version: held.version };
    },
  };
};
