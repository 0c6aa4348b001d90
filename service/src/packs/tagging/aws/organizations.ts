/** Tag policies of AWS Organizations, read with the service's own role. Organizations answers in one region of a partition. */
import {
  DescribeEffectivePolicyCommand,
  DescribePolicyCommand,
  ListParentsCommand,
  ListPoliciesCommand,
  ListPoliciesForTargetCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { ListRequiredTagsCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { CountersignError } from '../../../errors.ts';
import { EFFECTIVE, type Organizations, type TagPolicyDocument } from '../policy/organizations.ts';
import { organizationsApi } from './apis/organizations.ts';
import { taggingApi } from './apis/tagging.ts';
import { failureOf, MalformedAnswer, member } from './failure.ts';
import type { AwsAnswer } from './observed.ts';
import { type AwsParts, globalRegion, newShared, pages, placeAt, type SendOptions } from './place.ts';
import type { AwsSettings } from './sessions.ts';

const SERVICE = 'organizations';
/** Accounts stand at most five units below the root. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const MOST_LEVELS = 7;

export interface OrganizationsParts extends AwsParts {
  readonly settings: Pick<AwsSettings, 'region'>;
}

type Call<A> = (client: OrganizationsClient, options: SendOptions) => Promise<A>;

/** Answers in the form of errors: there is no such policy, no organization, or tag policies are off in it. */
const absences: ReadonlySet<string> = new Set([
  'EffectivePolicyNotFoundException',
  'PolicyNotFoundException',
  'AWSOrganizationsNotInUseException',
  'PolicyTypeNotEnabledException',
]);

const known = ['access_denied', 'throttled', 'timeout', 'cancelled'] as const;

const refused = (error: unknown, signal: AbortSignal): never => {
  if (error instanceof CountersignError) throw error;
  const { code, message } = failureOf(error, SERVICE, signal);
  const ours = known.find((each) => each === code) ?? 'upstream_error';
  throw new CountersignError(ours, message, { cause: error, details: { failure: code } });
};

const jsonOf = (text: string | undefined): unknown => {
  const content = member(SERVICE, 'the content of a policy', text);
  try {
    return JSON.parse(content);
  } catch {
    throw new MalformedAnswer(SERVICE, 'a policy that is JSON');
  }
};

const documentOf = (
  policyId: string,
  content: string | undefined,
  updatedAt: Date | undefined,
  signal: AbortSignal,
): TagPolicyDocument => {
  try {
    return { policyId, content: jsonOf(content), updatedAt: updatedAt?.toISOString() ?? null };
  } catch (error) {
    return refused(error, signal);
  }
};

export const createOrganizations = (parts: OrganizationsParts): Organizations => {
  /** One call, whose refusals are in our words. Undefined: there is no such thing. */
  const ask = async <A extends AwsAnswer>(call: Call<A>, signal: AbortSignal): Promise<A | undefined> => {
    try {
      const { accountId, partition } = await parts.sessions.own();
      const place = await placeAt(parts, accountId, globalRegion(partition), signal, newShared());
      return await place.send(organizationsApi, call);
    } catch (error) {
      return error instanceof Error && absences.has(error.name) ? undefined : refused(error, signal);
    }
  };
  const all = async <A extends AwsAnswer & { readonly NextToken?: string | undefined }>(
    page: (token: { NextToken?: string }) => Call<A>,
    signal: AbortSignal,
  ): Promise<A[]> => {
    const found: A[] = [];
    const next = (token: string | undefined) => ask(page(token === undefined ? {} : { NextToken: token }), signal);
    for await (const answer of pages(next, (one) => one?.NextToken)) if (answer !== undefined) found.push(answer);
    return found;
  };
  const attachedTo = async (TargetId: string, signal: AbortSignal): Promise<string[]> => {
    const command = (token: { NextToken?: string }) =>
      new ListPoliciesForTargetCommand({ TargetId, Filter: 'TAG_POLICY', ...token });
    const answers = await all((token) => (client, options) => client.send(command(token), options), signal);
    return answers.flatMap(({ Policies = [] }) => Policies.flatMap(({ Id }) => Id ?? []));
  };
  return {
    list: async (signal) => {
      const command = (token: { NextToken?: string }) => new ListPoliciesCommand({ Filter: 'TAG_POLICY', ...token });
      const answers = await all((token) => (client, options) => client.send(command(token), options), signal);
      return answers.flatMap(({ Policies = [] }) =>
        Policies.map(({ Id, Name = '', Description = '' }) => ({
          policyId: member(SERVICE, 'the id of a policy', Id),
          name: Name,
          description: Description,
        })),
      );
    },
    read: async (policyId, signal) => {
      const command = new DescribePolicyCommand({ PolicyId: policyId });
      const found = (await ask((client, options) => client.send(command, options), signal))?.Policy;
      // An id may be that of another kind of policy.
      if (found?.PolicySummary?.Type !== 'TAG_POLICY') return undefined;
      return documentOf(policyId, found.Content, undefined, signal);
    },
    effective: async (signal) => {
      const command = new DescribeEffectivePolicyCommand({ PolicyType: 'TAG_POLICY' });
      const answer = await ask((client, options) => client.send(command, options), signal);
      if (answer === undefined) return undefined;
      const { PolicyContent: content, LastUpdatedTimestamp: updatedAt } = answer.EffectivePolicy ?? {};
      return documentOf(EFFECTIVE, content, updatedAt, signal);
    },
    attached: async (signal) => {
      let target: string | undefined = (await parts.sessions.own()).accountId;
      const found: string[] = [];
      for (let level = 0; target !== undefined && level < MOST_LEVELS; level += 1) {
        found.push(...(await attachedTo(target, signal)));
        if (target.startsWith('r-')) break;
        const command: ListParentsCommand = new ListParentsCommand({ ChildId: target });
        const answer = await ask((client, options) => client.send(command, options), signal);
        target = answer?.Parents?.[0]?.Id;
      }
      return [...new Set(found)];
    },
    required: async (signal) => {
      try {
        const { accountId } = await parts.sessions.own();
        const place = await placeAt(parts, accountId, parts.settings.region, signal, newShared());
        const command = new ListRequiredTagsCommand({});
        const { RequiredTags: tags } = await place.send(taggingApi, (client, options) => client.send(command, options));
        return tags && [...new Set(tags.flatMap(({ ReportingTagKeys = [] }) => ReportingTagKeys))].sort();
      } catch (error) {
        return refused(error, signal);
      }
    },
  };
};
