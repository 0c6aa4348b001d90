/** What of a scan could not be read, told once. Pure. */
import type { Failure } from '../estate/estate.ts';
import type { ReadSlice } from './packed-slice.ts';

type FailedSlice = Pick<ReadSlice, 'accountId' | 'region' | 'type' | 'failure'>;

const keyOf = ({ accountId, region, type, code }: Failure): string => [accountId, region, type, code].join(' ');

const isAboutCredentials = ({ failure }: Pick<ReadSlice, 'failure'>): boolean =>
  failure?.code === 'invalid_credentials';

/** Credentials that do not hold fail everything of an account, or of a region it never enabled: that is one failure. */
const withoutCredentials = (
  slices: readonly FailedSlice[],
  within: (slice: FailedSlice) => Partial<Failure>,
): FailedSlice[] => {
  const groups = Map.groupBy(slices, (slice) => JSON.stringify(within(slice)));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first?.failure === undefined || !group.every(isAboutCredentials)) return group;
    const { code, message } = first.failure;
    const failure = { accountId: first.accountId, ...within(first), code, message };
    return group.map((slice) => ({ ...slice, failure }));
  });
};

/** The failures of slices, each once: of an account whose buckets cannot be listed one, however many regions asked. */
export const failuresOf = (slices: readonly FailedSlice[]): Failure[] => {
  const byAccount = withoutCredentials(slices, ({ accountId }) => ({ accountId }));
  const byRegion = withoutCredentials(byAccount, ({ accountId, region, failure }) =>
    failure !== undefined && failure.region === undefined ? { accountId } : { accountId, region },
  );
  const found = byRegion.flatMap(({ failure }) => failure ?? []);
  return [...new Map(found.map((failure) => [keyOf(failure), failure])).values()];
};
