/** The versions of the policy: each row is written once, the newest one holds. */
import { z } from 'zod';
import type { Row } from '../../../../../contracts/tables.ts';
import type { Page, Tables } from '../../../ports/tables.ts';
import type { PolicyOrigin } from './parts.ts';
import { type LoadedPolicy, loadPolicy, policySources } from './policy.ts';

const TABLE = 'policy-versions';
/** There is one policy. */
const POLICY = 'tagging';
const DIGITS = 8;

/** A version of the policy that holds or held. */
export interface PolicyVersion {
  /** 1 is the first. */
  readonly number: number;
  readonly policy: LoadedPolicy;
  readonly origin: PolicyOrigin;
  /** When it began to hold, ISO. */
  readonly since: string;
  /** Name of who asked for it; of a start of the service, what it did. */
  readonly changedBy: string;
  /** The operation that brought it; absent where a start did. */
  readonly operationId?: string | undefined;
}

export interface VersionDraft extends Pick<PolicyVersion, 'policy' | 'origin' | 'changedBy' | 'operationId'> {}

export interface PolicyVersions {
  /** The one that holds; undefined before the first start. */
  newest(): Promise<PolicyVersion | undefined>;
  get(number: number): Promise<PolicyVersion | undefined>;
  /** The newest first. */
  list(page?: { readonly limit?: number; readonly cursor?: string }): Promise<Page<PolicyVersion>>;
  /** Makes the next version hold. Undefined, and nothing written, where `after` is not the newest any more. */
  append(after: number, draft: VersionDraft): Promise<PolicyVersion | undefined>;
}

const keyOf = (number: number): string => String(number).padStart(DIGITS, '0');

const versionFrom = (row: Row<typeof TABLE>): PolicyVersion => {
  const source = z.enum(policySources).catch('request').parse(row.source);
  return {
    number: Number(row.number),
    policy: loadPolicy(row.policy, source, `Version ${Number(row.number)} of the tagging policy`),
    origin: { source, ...(row.origin !== undefined && { id: row.origin }) },
    since: row.since,
    changedBy: row.changedBy,
    ...(row.operationId !== undefined && { operationId: row.operationId }),
  };
};

export const createPolicyVersions = (tables: Tables, now: () => Date): PolicyVersions => {
  /** Patterns are compiled once: the newest is read at every call. */
  let known: PolicyVersion | undefined;
  const list: PolicyVersions['list'] = async (page = {}) => {
    const { items, cursor } = await tables.query(TABLE, { partition: POLICY, descending: true, ...page });
    return { items: items.map(versionFrom), ...(cursor !== undefined && { cursor }) };
  };
  return {
    list,
    newest: async () => {
      const { items } = await tables.query(TABLE, { partition: POLICY, descending: true, limit: 1 });
      const [row] = items;
      if (row !== undefined && known?.number !== Number(row.number)) known = versionFrom(row);
      return row === undefined ? undefined : known;
    },
    get: async (number) => {
      const row = await tables.get(TABLE, { policyId: POLICY, number: keyOf(number) });
      return row && versionFrom(row);
    },
    append: async (after, { policy, origin, changedBy, operationId }) => {
      const row = {
        policyId: POLICY,
        number: keyOf(after + 1),
        version: policy.version,
        source: origin.source,
        ...(origin.id !== undefined && { origin: origin.id }),
        since: now().toISOString(),
        changedBy,
        ...(operationId !== undefined && { operationId }),
        policy: policy.policy,
      };
      return (await tables.insert(TABLE, row)) ? versionFrom(row) : undefined;
    },
  };
};
