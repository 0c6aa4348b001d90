import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { askForImport, isAsked } from '../policy/ask-for-import.ts';
import { SemanticDifference } from '../policy/aws-format/convert.ts';
import {
  EFFECTIVE,
  IMPORT_NEEDS,
  type Organizations,
  readTagPolicy,
  type TagPolicyDocument,
} from '../policy/organizations.ts';
import { PolicyError } from '../policy/policy.ts';
import { SavedName } from '../policy/saved-name.ts';
import { importedPolicy } from '../policy/start.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { AwsPolicyId } from './change-tagging-policy.ts';

/** Tag policies that one answer lists. An organization may have 1,000 and has a handful. */
const MOST_LISTED = 20;

const Listed = z.object({ policy_id: z.string(), name: z.string(), description: z.string() });

const listedPolicies = async (organizations: Organizations, signal: AbortSignal): Promise<z.input<typeof Listed>[]> =>
  (await organizations.list(signal)).slice(0, MOST_LISTED).map(({ policyId, name, description }) => ({
    policy_id: policyId,
    name: clean(name),
    description: clean(description),
  }));

/** Adds what the role needs to a refusal of AWS. */
const withNeeds = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'access_denied') throw error;
    throw new CountersignError('access_denied', `${error.message} ${IMPORT_NEEDS}`, {
      cause: error,
      details: error.details,
    });
  }
};

/** The policy, or the ids that there are where it is none of them. */
const find = async ({ organizations }: TaggingPack, policyId: string, { signal }: CallContext) => {
  try {
    return { found: await readTagPolicy(organizations, policyId, signal) };
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'not_found') throw error;
    const available = await listedPolicies(organizations, signal).catch((): z.input<typeof Listed>[] => []);
    return { error: error.message, available };
  }
};

/** Keys that the source requires somewhere, which no content of one policy may say. */
const requiredBeside = async (pack: TaggingPack, context: CallContext): Promise<readonly string[]> => {
  try {
    return (await pack.organizations.required(context.signal)) ?? [];
  } catch (error) {
    context.log.info({ err: error }, 'what AWS requires is not told');
    return [];
  }
};

const differencesWith = (
  differences: readonly SemanticDifference[],
  required: readonly string[],
): SemanticDifference[] => {
  const told = new Set(differences.flatMap(({ code, tag }) => (code === 'required_in_source' ? [tag] : [])));
  const beside = required.filter((key) => !told.has(key));
  return [
    ...differences,
    ...beside.map(
      (tag): SemanticDifference => ({
        code: 'required_in_source',
        tag,
        detail: 'AWS reports it as required (tag:ListRequiredTags); that is not converted.',
      }),
    ),
  ];
};

const converted = (document: TagPolicyDocument, now: Date) => {
  try {
    return importedPolicy(document, now);
  } catch (error) {
    if (error instanceof PolicyError) throw new CountersignError('invalid_input', `policy_id: ${error.message}`);
    throw error;
  }
};

/** Asks for the change, once while it is open. Undefined: nothing would change. */
const ask = async (
  pack: TaggingPack,
  policyId: string,
  { loaded }: ReturnType<typeof importedPolicy>,
  context: CallContext,
) => {
  const operation = await askForImport(pack, policyId, loaded, isAsked, context);
  return (
    operation && {
      request_id: operation.operationId,
      status: operation.status,
      approval_url: `${pack.settings.publicUrl}/approvals/${operation.operationId}`,
      summary: operation.plan.summary,
    }
  );
};

const SAVED = 'version of the tagging policy, once somebody approves it';

export const importAwsTagPolicy = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'import_aws_tag_policy',
    title: 'Import a tag policy of AWS',
    description:
      'Shows a tag policy of AWS Organizations as a tagging policy, with what changes its meaning; without policy_id it lists those there are. With save_to_file (default, for admins) it asks for it to hold: another person approves at approval_url. Tell the person semantic_differences.',
    scopes: ['tag:read'],
    scopesFor: async ({ policy_id: policyId, save_to_file: save }) =>
      typeof policyId === 'string' && save !== false ? ['admin'] : ['tag:read'],
    input: z.strictObject({
      policy_id: AwsPolicyId.optional().describe('An id, or effective: all that the account inherits, merged'),
      save_to_file: z.boolean().default(true).describe('False shows it only'),
      output_path: SavedName.default('policies/tagging_policy.json').describe('A name only: no file is written'),
    }),
    output: z.object({
      status: z.enum(['success', 'listed', 'error']),
      policy: z.record(z.string(), z.json()).nullable().describe('As in get_tagging_policy'),
      saved_to: z.string().nullable(),
      request: z
        .object({ request_id: z.string(), status: z.string(), approval_url: z.string(), summary: z.string() })
        .nullable()
        .describe('What waits, if anything'),
      summary: z
        .object({
          required_tags_count: z.number(),
          optional_tags_count: z.number(),
          enforced_services: z.array(z.string()),
        })
        .nullable(),
      semantic_differences: z.array(SemanticDifference.extend({ code: z.string() })),
      available_policies: z.array(Listed),
      message: z.string(),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    accounts: noAccounts,
    run: (input, context) => withNeeds(run(pack, input, context)),
  });

interface Input {
  readonly policy_id?: string | undefined;
  readonly save_to_file: boolean;
  readonly output_path: string;
}

const nothing = {
  policy: null,
  saved_to: null,
  request: null,
  summary: null,
  semantic_differences: [],
  available_policies: [],
  untrusted_text: ['policy', 'semantic_differences', 'available_policies'],
};

const run = async (pack: TaggingPack, input: Input, context: CallContext) => {
  const { policy_id: policyId, save_to_file: save, output_path: name } = input;
  if (policyId === undefined) {
    const available = await listedPolicies(pack.organizations, context.signal);
    const message = `Call again with the policy_id of one of ${available.length}, or with ${EFFECTIVE}.`;
    return { ...nothing, status: 'listed' as const, available_policies: available, message };
  }
  const { found, error, available } = await find(pack, policyId, context);
  if (found === undefined)
    return { ...nothing, status: 'error' as const, message: error, available_policies: available };
  const imported = converted(found, pack.now());
  const { policy, differences, enforcedServices } = imported;
  const request = save ? await ask(pack, policyId, imported, context) : undefined;
  const message = !save
    ? 'Shown only. Nothing was asked for.'
    : request === undefined
      ? 'The tagging policy says the same already, so nothing was asked for.'
      : `Another person approves it at approval_url; ${name} is a name only, because no file is written.`;
  return {
    ...nothing,
    status: 'success' as const,
    policy,
    saved_to: request === undefined ? null : SAVED,
    request: request ?? null,
    summary: {
      required_tags_count: policy.required_tags.length,
      optional_tags_count: policy.optional_tags.length,
      enforced_services: [...enforcedServices],
    },
    semantic_differences: differencesWith(differences, await requiredBeside(pack, context)),
    message,
  };
};
