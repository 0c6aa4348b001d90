/** What the tagging pack is made of; whoever starts the service hands it in. */
import type { Caller } from '../../auth/caller.ts';
import type { CallContext } from '../../call.ts';
import type { Operation } from '../../operations/operation.ts';
import type { Ephemeral } from '../../ports/ephemeral.ts';
import type { Jobs } from '../../ports/jobs.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Notify } from '../../ports/notify.ts';
import type { Objects } from '../../ports/objects.ts';
import type { Audits } from './audits/audits.ts';
import type { AppliedChanges } from './changes/applied-changes.ts';
import type { Costs } from './cost/costs.ts';
import type { RememberingTrail } from './drift/remembered.ts';
import type { Estate } from './estate/estate.ts';
import type { Organizations } from './policy/organizations.ts';
import type { HeldPolicy } from './policy/start.ts';
import type { PolicyVersions } from './policy/versions.ts';
import type { ScanLimits } from './scan/scan-limits.ts';
import type { Scans } from './scan/scans.ts';
import type { TaggingSettings } from './settings.ts';

/** Approves or denies an operation, as the pipeline does it, and returns it once it is applied or after 20 seconds. */
export type Decide = (
  decision: {
    readonly operationId: string;
    readonly action: 'approve' | 'deny';
    readonly comment: string | undefined;
    /** Hash of the plan the person read. */
    readonly approvalHash: string | undefined;
    readonly caller: Caller;
  },
  context: CallContext,
) => Promise<Operation>;

/** Asks for a change of the policy, as the pipeline does it: it is planned and waits for somebody else. */
export type RequestPolicyChange = (
  change: {
    /** Arguments of change_tagging_policy. */
    readonly input: Readonly<Record<string, unknown>>;
    readonly reason?: string | undefined;
    readonly idempotencyKey?: string | undefined;
  },
  context: CallContext,
) => Promise<Operation>;

export interface TaggingServices {
  readonly estate: Estate;
  readonly costs: Costs;
  readonly trail: RememberingTrail;
  readonly policy: HeldPolicy;
  readonly versions: PolicyVersions;
  readonly organizations: Organizations;
  readonly requestPolicyChange: RequestPolicyChange;
  readonly audits: Audits;
  /** Finds whom an audit may be sent to. */
  readonly notify: Pick<Notify, 'find'>;
  readonly scans: Scans;
  readonly applied: AppliedChanges;
  readonly settings: TaggingSettings;
  readonly decide: Decide;
  /** Ids of operations that wait for a countersignature, for completion. */
  readonly pending?: (caller: Caller) => Promise<readonly string[]>;
  /** Where exports are kept. Without it none are written. */
  readonly objects?: Objects | undefined;
  /** Lets several tasks agree on when cached scans are out of date. Without it each task knows its own writes only. */
  readonly ephemeral?: Ephemeral | undefined;
  /** Work that outlives a call. Without it, large scans run within their call. */
  readonly jobs?: Jobs | undefined;
  /** When a scan is too long for its call. */
  readonly limits?: ScanLimits;
  readonly metrics: Metrics;
  readonly now: () => Date;
}
