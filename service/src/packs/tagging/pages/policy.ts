/** The page of the tagging policy: the one that holds, its versions, and what each changed. */
import { z } from 'zod';
import { tagging } from '../../../../../contracts/packs/tagging.ts';
import type { Scope } from '../../../../../contracts/scopes.ts';
import { CountersignError } from '../../../errors.ts';
import type { Operation } from '../../../operations/operation.ts';
import { definePage, type PackPage } from '../../page.ts';
import type { HeldPolicy } from '../policy/start.ts';
import type { PolicyVersion, PolicyVersions } from '../policy/versions.ts';
import { policyView } from './policy-view.ts';

/** What the page reads. */
export interface PolicyReports {
  readonly policy: Pick<HeldPolicy, 'version' | 'fixedBy'>;
  readonly versions: PolicyVersions;
  /** The tag policy of AWS that is followed; undefined: none. */
  readonly follows: string | undefined;
  /** Changes of the policy that wait for an answer, of those that holders of these scopes see. */
  waiting(scopes: ReadonlySet<Scope>): Promise<readonly Operation[]>;
}

/** Versions of one part of the page. */
const PART = 20;

const Query = z.object({
  version: z.coerce.number().int().min(1).optional().catch(undefined),
  cursor: z.string().max(2000).optional().catch(undefined),
});

/** A version that is looked at, beside the one before it. */
const looked = async ({ versions }: PolicyReports, number: number) => {
  const version = await versions.get(number);
  if (version === undefined) throw new CountersignError('not_found', `There is no version ${number} of the policy.`);
  return { version, before: number > 1 ? await versions.get(number - 1) : undefined };
};

export interface LookedAt {
  readonly version: PolicyVersion;
  readonly before: PolicyVersion | undefined;
}

export const taggingPolicyPage = (reports: PolicyReports): PackPage =>
  definePage({
    route: tagging.routes.taggingPolicy,
    title: 'Tagging policy',
    nav: { label: 'Policy', order: 32 },
    query: Query,
    show: async ({ visitor, query: { version: number, cursor } }) => {
      const [held, waiting, page, look] = await Promise.all([
        reports.policy.version(),
        reports.waiting(visitor.scopes),
        reports.versions.list({ limit: PART, ...(cursor !== undefined && { cursor }) }),
        number === undefined ? undefined : looked(reports, number),
      ]);
      const { follows, policy } = reports;
      const props = { held, waiting, versions: page.items, older: page.cursor, look, follows, fixedBy: policy.fixedBy };
      return { main: policyView(props) };
    },
  });
