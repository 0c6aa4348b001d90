/** A group of instances as a cutover sees it, and what a cutover asks of AWS. `aws.ts` calls AWS, `memory.ts` is for tests. */

export interface Instance {
  /** Version of the launch template that it was started from; undefined where it came from none. */
  readonly version: string | undefined;
  /** LifecycleState of Auto Scaling: Pending, InService, Terminating and so on. */
  readonly state: string;
}

export interface Group {
  /** Id of its launch template; undefined where it has none. */
  readonly template: string | undefined;
  /** What it starts further instances from: a number, `$Latest` or `$Default`. */
  readonly version: string;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  readonly instances: readonly Instance[];
  /** ARN. */
  readonly targetGroup: string | undefined;
  /** Processes that somebody suspended, such as Launch. */
  readonly suspended: readonly string[];
}

/** While a refresh has one of these, AWS begins no other. */
const active = ['Pending', 'InProgress', 'Baking', 'Cancelling', 'RollbackInProgress'] as const;
const failed = ['Failed', 'RollbackInProgress', 'RollbackFailed', 'RollbackSuccessful'] as const;

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html */
export interface Refresh {
  readonly id: string;
  readonly status: string;
  readonly reason?: string | undefined;
  /** Version of the template that it replaces instances by; undefined where it keeps that of the group. */
  readonly version: string | undefined;
  /** Percent of the instances at which it ends. */
  readonly share: number;
}

export const isActive = ({ status }: Refresh): boolean => active.some((each) => each === status);
export const isFailed = ({ status }: Refresh): boolean => failed.some((each) => each === status);

export interface Beginning {
  readonly template: string;
  readonly version: string;
  readonly share: number;
  /** Seconds in which AWS goes on watching the alarms, and can go back. */
  readonly bakeSeconds: number;
  /** Whether AWS goes back by itself where it fails, or one of these alarms sounds. */
  readonly goesBack: boolean;
  readonly alarms: readonly string[];
}

/** AWS is at something else just now, or no longer at what was to be stopped: look again. */
export class RefreshBusy extends Error {
  override readonly name = 'RefreshBusy';
}

/** AWS cannot take this refresh back. */
export class Irreversible extends Error {
  override readonly name = 'Irreversible';
}

export interface LiveGroup {
  readonly name: string;
  /** Undefined where there is none. */
  read(): Promise<Group | undefined>;
  /** The newest first. @param after id of the last that does not count; empty: all do */
  refreshes(after: string): Promise<readonly Refresh[]>;
  /** @throws RefreshBusy while another is active */
  begin(beginning: Beginning): Promise<void>;
  /** What it replaced stays. @throws RefreshBusy where none is active */
  cancel(): Promise<void>;
  /** @throws RefreshBusy where none is active. @throws Irreversible */
  rollBack(): Promise<void>;
  /** The version that was made last. */
  newest(template: string): Promise<string | undefined>;
  /** What a version runs; undefined where there is no such version. */
  image(template: string, version: string): Promise<string | undefined>;
}
