/**
 * Tags that went wrong in the last days of the sandbox, so that there is drift to look at: who took an owner away, who wrote
 * another environment, and a function that is gone. Always the same resources, whenever the sandbox was first started.
 */
import { sha256 } from '../../../canonical.ts';
import type { Resource, Tags } from '../estate/estate.ts';
import { sandboxAccounts } from './accounts.ts';

/** Share of resources that somebody changed. */
const CHANGED = 0.035;
/** Whole days ago, at most, that something was changed. */
const MOST_DAYS = 6;

/** 0 up to 1, always the same for a text. */
const share = (text: string): number => Number.parseInt(sha256(text).slice(0, 8), 16) / 2 ** 32;

/** Values as they were before somebody wrote those that are there now. */
const before: Readonly<Record<string, string>> = {
  production: 'staging',
  staging: 'test',
  development: 'test',
  test: 'development',
};
const meant: readonly [RegExp, string][] = [
  [/^(prod|live)/i, 'production'],
  [/^(stag|stg)/i, 'staging'],
  [/^dev/i, 'development'],
  [/^(test|qa)/i, 'test'],
];

const environmentBefore = (value: string): string =>
  before[value] ?? meant.find(([spelling]) => spelling.test(value))?.[1] ?? 'production';

const tagsBefore = ({ tags }: Resource): Tags => {
  if (tags.Owner === undefined) return { ...tags, Owner: 'platform@example.com' };
  if (tags.CostCenter === undefined) return { ...tags, CostCenter: 'Engineering' };
  return { ...tags, Environment: environmentBefore(tags.Environment ?? '') };
};

/** The tags of a resource as they were some days ago. */
export const tagsThen = (resource: Resource, daysAgo: number): Tags => {
  const { arn, tags } = resource;
  if (share(`drift ${arn}`) >= CHANGED) return tags;
  return daysAgo > Math.floor(share(`day ${arn}`) * MOST_DAYS) + 1 ? tagsBefore(resource) : tags;
};

/** What was there until three days ago. */
export const goneSince = (daysAgo: number): readonly Resource[] =>
  daysAgo <= 3
    ? []
    : [
        {
          arn: 'arn:aws:lambda:us-east-1:234567890123:function:stag-search-reindex-9',
          type: 'lambda:function',
          accountId: '234567890123',
          region: 'us-east-1',
          id: 'stag-search-reindex-9',
          tags: { CostCenter: 'Engineering', Owner: 'catalog@example.com', Environment: 'staging' },
          state: 'active',
          createdAt: null,
        },
      ];

const people: readonly [string, ...string[]] = [
  'assumed-role/Developers/kim@example.com',
  'assumed-role/Developers/lee@example.com',
  'assumed-role/Terraform/deploy-pipeline',
];

/** The principal that is made up for a change of one tag. */
export const personWho = (accountId: string, arn: string, tag: string): string => {
  const who = people[Math.floor(share(`who ${arn} ${tag}`) * people.length)] ?? people[0];
  return `arn:aws:sts::${accountId || sandboxAccounts[0].accountId}:${who}`;
};

/** Milliseconds after the last look that still saw the old value. */
export const delayOf = (arn: string, tag: string): number => Math.floor(share(`when ${arn} ${tag}`) * 20 * 3_600_000);
