/** How tags go wrong in real accounts. */
import type { Random } from '../../../random.ts';
import type { SandboxType } from './types.ts';

export interface ResourceDraft {
  readonly type: SandboxType;
  readonly state: string;
  readonly tags: Record<string, string>;
}

type Fault = (tags: Record<string, string>, random: Random) => Record<string, string>;

const without = (tags: Record<string, string>, ...keys: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));

const shortened: Readonly<Record<string, readonly [string, ...string[]]>> = {
  production: ['prod', 'Production', 'PROD', 'live'],
  staging: ['stage', 'stg', 'Staging'],
  development: ['dev', 'Dev', 'devel'],
  test: ['testing', 'qa'],
};

const faults: readonly [number, Fault][] = [
  [22, (tags) => without(tags, 'Owner')],
  [14, (tags) => without(tags, 'CostCenter')],
  [8, (tags) => without(tags, 'CostCenter', 'Owner')],
  [8, (tags): Record<string, string> => (tags.Name === undefined ? {} : { Name: tags.Name })],
  [8, (tags) => ({ ...without(tags, 'Owner'), owner: tags.Owner ?? '' })],
  [16, (tags, random) => ({ ...tags, Environment: random.pick(shortened[tags.Environment ?? ''] ?? ['prod']) })],
  [
    10,
    (tags, random) => ({ ...tags, Owner: random.pick(['jane', 'platform team', 'ops@example', 'TBD', 'Bob Smith']) }),
  ],
  [10, (tags, random) => ({ ...tags, CostCenter: random.pick(['eng', 'marketing dept', 'cc 42', 'R and D', 'tbd']) })],
  [4, (tags) => without(tags, 'DataClassification', 'Environment')],
];
const weights = faults.reduce((sum, [weight]) => sum + weight, 0);

/** The draft with one thing wrong about its tags. */
export const spoil = (draft: ResourceDraft, random: Random): ResourceDraft => {
  let drawn = random.next() * weights;
  for (const [weight, fault] of faults) {
    drawn -= weight;
    if (drawn < 0) return { ...draft, tags: fault(draft.tags, random) };
  }
  return draft;
};
