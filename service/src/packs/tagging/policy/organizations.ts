/** The port to the tag policies of AWS Organizations, and which of them is ours. */
import { CountersignError } from '../../../errors.ts';

/** The name under which everything that is attached above the service's own account, merged, is asked for. */
export const EFFECTIVE = 'effective';

export interface TagPolicySummary {
  readonly policyId: string;
  /** Text from outside. */
  readonly name: string;
  /** Text from outside. */
  readonly description: string;
}

export interface TagPolicyDocument {
  /** Its id, or EFFECTIVE. */
  readonly policyId: string;
  /** Its content as JSON, of whatever form. From outside. */
  readonly content: unknown;
  /** ISO time; null where it is not told. */
  readonly updatedAt: string | null;
}

/**
 * Every verb rejects with access_denied naming the action that is missing, throttled, timeout or upstream_error. Only the
 * management account and a delegated one may list and read single policies; any account may read what is in effect for it.
 */
export interface Organizations {
  /** All tag policies there are. */
  list(signal: AbortSignal): Promise<readonly TagPolicySummary[]>;
  /** Undefined: there is no such policy. */
  read(policyId: string, signal: AbortSignal): Promise<TagPolicyDocument | undefined>;
  /** Undefined: none is attached to the account or above it. */
  effective(signal: AbortSignal): Promise<TagPolicyDocument | undefined>;
  /** Ids of those attached to the account or above it, the nearest first. */
  attached(signal: AbortSignal): Promise<readonly string[]>;
  /** Keys that some policy in effect reports as required. Undefined: it is not told. */
  required(signal: AbortSignal): Promise<readonly string[] | undefined>;
}

/** What to say where the service may not read them. */
export const IMPORT_NEEDS =
  'Grant its role organizations:ListPolicies, organizations:DescribePolicy, organizations:DescribeEffectivePolicy, organizations:ListParents, organizations:ListPoliciesForTarget and tag:ListRequiredTags (settings auto_import_aws_policy or read_aws_tag_policies). ListPolicies and DescribePolicy answer the management account and delegated administrators only.';

const isDenied = (error: unknown): error is CountersignError =>
  error instanceof CountersignError && error.code === 'access_denied';

const readOrRefuse = async (organizations: Organizations, policyId: string, signal: AbortSignal) => {
  const found = await organizations.read(policyId, signal);
  if (found === undefined)
    throw new CountersignError('not_found', `policy_id: there is no tag policy ${policyId} in this organization.`);
  return found;
};

/** @throws not_found for a policy that there is not */
export const readTagPolicy = async (
  organizations: Organizations,
  policyId: string,
  signal: AbortSignal,
): Promise<TagPolicyDocument> => {
  if (policyId !== EFFECTIVE) return readOrRefuse(organizations, policyId, signal);
  const found = await organizations.effective(signal);
  if (found !== undefined) return found;
  throw new CountersignError('not_found', 'policy_id: no tag policy is in effect for the account of this service.');
};

/**
 * The tag policy that is ours: the one that the operator named; else what is in effect for our account, which has everything
 * attached to it and above it; else the one attached nearest; else the only one there is. Undefined: there is none, or several of
 * which none is ours.
 * @throws access_denied where none of that may be read
 */
export const ownTagPolicy = async (
  organizations: Organizations,
  named: string | undefined,
  signal: AbortSignal,
): Promise<TagPolicyDocument | undefined> => {
  if (named !== undefined) return readOrRefuse(organizations, named, signal);
  let denied: CountersignError | undefined;
  try {
    const effective = await organizations.effective(signal);
    if (effective !== undefined) return effective;
  } catch (error) {
    if (!isDenied(error)) throw error;
    denied = error;
  }
  try {
    const [nearest] = await organizations.attached(signal);
    const [only, ...others] = await organizations.list(signal);
    const chosen = nearest ?? (others.length === 0 ? only?.policyId : undefined);
    return chosen === undefined ? undefined : await readOrRefuse(organizations, chosen, signal);
  } catch (error) {
    // Nothing is in effect, which any account may know, and it may not look further.
    if (isDenied(error) && denied === undefined) return undefined;
    throw isDenied(error) ? (denied ?? error) : error;
  }
};
