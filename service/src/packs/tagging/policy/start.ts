/** Which policy holds when the service starts, and where it is asked for from then on. */
import type { Logger } from 'pino';
import { CountersignError } from '../../../errors.ts';
import { convertTagPolicy } from './aws-format/convert.ts';
import { IMPORT_NEEDS, type Organizations, ownTagPolicy, type TagPolicyDocument } from './organizations.ts';
import type { PolicyOrigin } from './parts.ts';
import { type LoadedPolicy, loadPolicy, PolicyError, type PolicySource } from './policy.ts';
import { readPolicyFile } from './policy-file.ts';
import type { PolicyVersion, PolicyVersions, VersionDraft } from './versions.ts';

export interface PolicySettings {
  readonly TAG_POLICY_FILE?: string | undefined;
  readonly AUTO_IMPORT_AWS_POLICY: boolean;
  readonly AWS_POLICY_ID?: string | undefined;
  readonly FALLBACK_TO_DEFAULT: boolean;
}

export interface StartParts {
  readonly config: PolicySettings;
  readonly versions: PolicyVersions;
  readonly organizations: Organizations;
  /** The policy that comes with the service: the default, or the sandbox's. */
  readonly own: LoadedPolicy;
  readonly log: Logger;
  readonly now: () => Date;
}

/** Seconds that the first start waits for Organizations. */
const IMPORT_SECONDS = 20;
const START = 'The start of the service';

/** A tag policy as a policy here, and what changed its meaning. @throws PolicyError */
export const importedPolicy = ({ policyId, content, updatedAt }: TagPolicyDocument, now: Date) => {
  const lastUpdated = (updatedAt ?? now.toISOString()).slice(0, 10);
  const from = `The tag policy ${policyId}`;
  const converted = convertTagPolicy(content, { version: `aws-${lastUpdated}`, lastUpdated }, from);
  const origin: PolicyOrigin = { source: 'organizations', id: policyId };
  return { ...converted, origin, loaded: loadPolicy(converted.policy, 'organizations', from) };
};

const draftOf = (policy: LoadedPolicy, id?: string): VersionDraft => ({
  policy,
  origin: { source: policy.source, ...(id !== undefined && { id }) },
  changedBy: START,
});

/** What went wrong, for the operator; a fault of ours is thrown on. */
const reasonOf = (error: unknown): string => {
  if (error instanceof PolicyError) return error.message;
  if (error instanceof CountersignError)
    return error.code === 'access_denied' ? `${error.message} ${IMPORT_NEEDS}` : error.message;
  throw error;
};

/** The tag policy of AWS for a first start; where there is none, what the settings have instead. @throws PolicyError */
const firstImport = async ({ config, organizations, own, log, now }: StartParts): Promise<VersionDraft> => {
  let why = 'there is none that is ours; where there are several, name one by AWS_POLICY_ID';
  try {
    const found = await ownTagPolicy(organizations, config.AWS_POLICY_ID, AbortSignal.timeout(IMPORT_SECONDS * 1000));
    if (found !== undefined) {
      const { loaded, origin, differences } = importedPolicy(found, now());
      log.info({ policyId: found.policyId, version: loaded.version, differences }, 'tag policy of AWS imported');
      return { policy: loaded, origin, changedBy: START };
    }
  } catch (error) {
    why = reasonOf(error);
  }
  if (!config.FALLBACK_TO_DEFAULT)
    throw new PolicyError(
      `AUTO_IMPORT_AWS_POLICY: no tag policy of AWS could be imported: ${why}. Set FALLBACK_TO_DEFAULT to start with the default policy.`,
    );
  log.warn({ why }, 'no tag policy of AWS could be imported: the default policy holds until one is accepted');
  return draftOf(own);
};

/** Keeps a version that the start brings. Several tasks start at once: the first one's holds. */
const keep = async (
  { versions }: Pick<StartParts, 'versions'>,
  after: PolicyVersion | undefined,
  draft: VersionDraft,
): Promise<PolicyVersion> => {
  const kept = await versions.append(after?.number ?? 0, draft);
  const now = kept ?? (await versions.newest());
  if (now === undefined) throw new Error('the first version of the tagging policy was neither kept nor found');
  return now;
};

const isBuiltIn = ({ origin }: PolicyVersion): boolean => origin.source === 'default' || origin.source === 'sandbox';

/** The version that holds without a file: the last that was accepted, whatever Organizations says now. */
const heldAtStart = async (parts: StartParts): Promise<PolicyVersion> => {
  const { config, versions, own } = parts;
  const newest = await versions.newest();
  if (newest === undefined)
    return keep(parts, undefined, config.AUTO_IMPORT_AWS_POLICY ? await firstImport(parts) : draftOf(own));
  // Nobody ever chose it: it follows the release.
  const outdated = isBuiltIn(newest) && newest.origin.source === own.source && newest.policy.version !== own.version;
  return outdated ? keep(parts, newest, draftOf(own)) : newest;
};

/** Where the pack asks for the policy that holds, and what it says of it beside. */
export interface HeldPolicy extends PolicySource {
  /** The version that holds now. */
  version(): Promise<PolicyVersion>;
  /** As it was last asked for, for /health. */
  readonly seen: () => PolicyVersion;
  /** Set where no change of the pipeline replaces it. */
  readonly fixedBy?: 'TAG_POLICY_FILE';
}

/** A policy file is the operator's word: it holds while it is named, and its versions are written down. */
const ofFile = async (parts: StartParts, path: string): Promise<HeldPolicy> => {
  const policy = await readPolicyFile(path);
  const newest = await parts.versions.newest();
  const isKept = newest?.origin.source === 'file' && newest.policy.version === policy.version;
  const held = isKept ? newest : await keep(parts, newest, draftOf(policy));
  // Another task may have written another file's version meanwhile; this one judges by its own.
  const own: PolicyVersion = { ...held, policy, origin: { source: 'file' } };
  return { current: async () => policy, version: async () => own, seen: () => own, fixedBy: 'TAG_POLICY_FILE' };
};

/** @throws PolicyError naming the file or the setting, and what to do */
export const openPolicy = async (parts: StartParts): Promise<HeldPolicy> => {
  const { config, versions, log } = parts;
  const { TAG_POLICY_FILE: file } = config;
  if (file !== undefined && config.AUTO_IMPORT_AWS_POLICY)
    log.warn('TAG_POLICY_FILE is set, so AUTO_IMPORT_AWS_POLICY imports nothing');
  let seen = file === undefined ? await heldAtStart(parts) : undefined;
  const held = file === undefined ? undefined : await ofFile(parts, file);
  const { origin, number, policy } = held?.seen() ?? (await versions.newest()) ?? {};
  log.info({ source: origin?.source, origin: origin?.id, number, version: policy?.version }, 'tagging policy');
  if (held !== undefined) return held;
  const version = async (): Promise<PolicyVersion> => {
    seen = (await versions.newest()) ?? seen;
    if (seen === undefined) throw new Error('no version of the tagging policy holds');
    return seen;
  };
  const first = await version();
  return { current: async () => (await version()).policy, version, seen: () => seen ?? first };
};
