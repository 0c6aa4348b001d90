/** The port to the cloud the pack acts on: the sandbox estate or AWS. */
import type { TaggableType } from '../../../../../contracts/packs/tagging.ts';
import type { CallContext } from '../../../call.ts';

export type Tags = Readonly<Record<string, string>>;

export interface Resource {
  readonly arn: string;
  readonly type: TaggableType;
  readonly accountId: string;
  readonly region: string;
  /** What the service calls it: instance id, bucket, function name. Text from outside. */
  readonly id: string;
  /** All tags, AWS's own included. Text from outside. */
  readonly tags: Tags;
  /** As the service says it, in lower case: running, stopped, terminated, available. */
  readonly state: string;
  /** ISO time; null where the service does not tell. */
  readonly createdAt: string | null;
}

/** What a service tells of where a resource runs, to guess its tags from. Text from outside. */
export interface Surroundings {
  /** The Name tag of its VPC. */
  readonly vpcName?: string | undefined;
  /** The role it runs as. */
  readonly roleName?: string | undefined;
}

export interface Account {
  readonly accountId: string;
  readonly name: string;
}

/** What a scan looks at. */
export interface Extent {
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly types: readonly TaggableType[];
}

/** Something that could not be read; the rest goes on. Without a region the whole account failed, without a type the region. */
export interface Failure {
  readonly accountId: string;
  readonly region?: string;
  readonly type?: TaggableType;
  /** access_denied, throttled, timeout, or the provider's own code. */
  readonly code: string;
  readonly message: string;
}

/** One account, region and type of a listing: what is there, or why that is not known. */
export interface Slice {
  readonly accountId: string;
  readonly region: string;
  readonly type: TaggableType;
  readonly resources: readonly Resource[];
  readonly failure?: Failure;
}

export interface WriteOutcome {
  readonly arn: string;
  readonly ok: boolean;
  /** The provider's code when it failed. */
  readonly code?: string;
  readonly message?: string;
}

export type EstateContext = Pick<CallContext, 'signal' | 'log'>;

/** Most ARNs one tag write takes (TagResources). */
export const ARNS_PER_WRITE = 20;

export interface Estate {
  /** Accounts it may read, the service's own first. Names come from the operator or the provider. */
  accounts(): Promise<readonly Account[]>;
  /** Has the provider tell the names of several accounts, where it does and nobody asked within the hour. Never rejects. */
  learnNames?(context: EstateContext): Promise<void>;
  /** Regions it may read. */
  regions(): Promise<readonly string[]>;
  /** The types that the operator enabled. */
  types(): readonly TaggableType[];
  /**
   * Lists everything in an extent: exactly one slice for each account, region and type, as they come in.
   * @throws cancelled when the signal aborts; anything else that fails is a slice with its failure
   */
  list(extent: Extent, context: EstateContext): AsyncIterable<Slice>;
  /** Reads resources by ARN. Absent from the answer: it does not exist. A failure: that is not known. */
  read(arns: readonly string[], context: EstateContext): Promise<ReadonlyMap<string, Resource | Failure>>;
  /** Where a resource runs; empty for types of which this is not told. @throws what the service answers */
  surroundings(resource: Resource, context: EstateContext): Promise<Surroundings>;
  /** Sets tags and leaves the others alone. One outcome an ARN. */
  tag(arns: readonly string[], tags: Tags, context: EstateContext): Promise<readonly WriteOutcome[]>;
  /** Removes tags by key; absent keys are no error. One outcome an ARN. */
  untag(arns: readonly string[], keys: readonly string[], context: EstateContext): Promise<readonly WriteOutcome[]>;
}

export const isFailure = (value: Resource | Failure): value is Failure => 'code' in value;
