/**
 * Values for the tags that a resource lacks or has wrong. Each is read somewhere: none is made up, and none is suggested that the
 * policy or the service would refuse. Pure.
 */
import type { Resource, Surroundings } from '../estate/estate.ts';
import type { LoadedPolicy, RequiredTag } from '../policy/policy.ts';
import { faultOfTag } from '../policy/tag-rules.ts';
import { errorsOf } from '../policy/violations.ts';
import type { TagSnapshot } from '../scan/snapshot.ts';
import { confidences, ENOUGH_SIMILAR, type Evidence, evidenceOf, SIMILAR } from './evidence.ts';
import { agreementOn, similarTo } from './similar.ts';
import { applicationIn, valueNamed } from './words.ts';

export interface Suggestion {
  readonly tagKey: string;
  readonly value: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Where it was read. Holds text from outside. */
  readonly reasoning: string;
}

export interface SuggestParts {
  readonly surroundings: Surroundings;
  /** Tags of the newest snapshot; undefined where there is none. */
  readonly snapshot: TagSnapshot | undefined;
}

/** Different values of one tag. */
const MOST_VALUES = 3;

const isOwnerKey = (key: string): boolean =>
  /^(owner|contact|maintainer|createdby|responsible|team)(e?mail)?$/.test(plain(key));
const isApplicationKey = (key: string): boolean =>
  /^(app|application|project|service|workload)(name)?$/.test(plain(key));
/** `Created-By` and `createdBy` are one key to people. */
const plain = (key: string): string => key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const rounded = (confidence: number): number => Math.round(confidence * 100) / 100;
const quoted = (text: string): string => `“${text}”`;

/** Values of the policy's own list that the evidence names. */
const listed = (tag: RequiredTag, values: readonly string[], evidence: readonly Evidence[]): Suggestion[] =>
  evidence.flatMap(({ source, text, words }) => {
    const value = valueNamed(text, values);
    const confidence = confidences[source];
    return value === undefined
      ? []
      : [{ tagKey: tag.name, value, confidence, reasoning: `${words} ${quoted(text)}, which names ${value}.` }];
  });

/** Values of other tags that say the same thing by another key. Copied as they are: an address is never made from a name. */
const copied = (tag: RequiredTag, { tags }: Resource): Suggestion[] =>
  Object.entries(tags).flatMap(([key, value]) => {
    const sameKey = key !== tag.name && plain(key) === plain(tag.name);
    const owner = isOwnerKey(tag.name) && isOwnerKey(key) && key !== tag.name;
    if (!sameKey && !owner) return [];
    const confidence = owner ? confidences.owner : confidences.other;
    return [{ tagKey: tag.name, value, confidence, reasoning: `its tag ${key} is ${quoted(value)}.` }];
  });

const application = (tag: RequiredTag, { tags, id }: Resource): Suggestion[] => {
  const text = tags.Name ?? id;
  const value = isApplicationKey(tag.name) ? applicationIn(text) : undefined;
  if (value === undefined) return [];
  const reasoning = `it is called ${quoted(text)}, which begins like an application called ${value}.`;
  return [{ tagKey: tag.name, value, confidence: confidences.application, reasoning }];
};

const similar = (
  tag: RequiredTag,
  resource: Resource,
  snapshot: TagSnapshot,
  allowed: (value: string) => boolean,
): Suggestion[] => {
  const found = agreementOn(tag.name, similarTo(resource, snapshot), allowed);
  if (found === undefined) return [];
  const { value, agree, of } = found;
  const confidence = rounded(SIMILAR * (agree / of) * Math.min(1, of / ENOUGH_SIMILAR));
  const reasoning = `${agree} of ${of} resources of its type, account and application have it.`;
  return [{ tagKey: tag.name, value, confidence, reasoning }];
};

/** The best of each value, the surest first. */
const best = (suggestions: readonly Suggestion[]): Suggestion[] => {
  const sorted = suggestions.toSorted((a, b) => b.confidence - a.confidence);
  return [...new Map(sorted.toReversed().map((each) => [each.value, each])).values()]
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, MOST_VALUES);
};

export interface Suggested {
  /** The surest first. */
  readonly suggestions: readonly Suggestion[];
  /** Required tags that are missing or wrong. */
  readonly wrong: readonly string[];
}

/** Suggestions for each required tag that is missing or wrong. */
export const suggestionsFor = (resource: Resource, policy: LoadedPolicy, parts: SuggestParts): Suggested => {
  const wrong = errorsOf(resource.type, resource.tags, policy).map(({ tagName }) => tagName);
  const evidence = evidenceOf(resource, parts.surroundings);
  const isAllowed = (key: string) => (value: string) =>
    faultOfTag(resource.type, key, value) === undefined &&
    !errorsOf(resource.type, { ...resource.tags, [key]: value }, policy).some(({ tagName }) => tagName === key);
  const suggestions = policy.policy.required_tags
    .filter(({ name }) => wrong.includes(name))
    .flatMap((tag) => {
      const allowed = isAllowed(tag.name);
      const found = [
        ...(tag.allowed_values === null ? application(tag, resource) : listed(tag, tag.allowed_values, evidence)),
        ...copied(tag, resource),
        ...(parts.snapshot === undefined ? [] : similar(tag, resource, parts.snapshot, allowed)),
      ];
      return best(found.filter(({ value }) => value !== '' && allowed(value)));
    })
    .sort((a, b) => b.confidence - a.confidence || (a.tagKey < b.tagKey ? -1 : 1));
  return { suggestions, wrong };
};
