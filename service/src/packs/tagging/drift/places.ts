/** Where a resource is or was, as far as its ARN says so. */
import { parseArn } from '../estate/arn.ts';
import type { Extent, Failure } from '../estate/estate.ts';

/** A part that the ARN does not tell is empty: a bucket names neither account nor region. */
export interface ArnPlace {
  readonly accountId: string;
  readonly region: string;
  readonly type: string;
}

export const arnPlaceOf = (arn: string): ArnPlace => parseArn(arn) ?? { accountId: '', region: '', type: '' };

const mayBe = (known: string, asked: string | undefined): boolean =>
  known === '' || asked === undefined || known === asked;

/** Could it be in a place that one of these failures hides? */
export const isUnreadAt = (failures: readonly Failure[], place: ArnPlace): boolean =>
  failures.some(
    ({ accountId, region, type }) =>
      mayBe(place.accountId, accountId) && mayBe(place.region, region) && mayBe(place.type, type),
  );

/** Is it certainly inside an extent, which is a part of `whole`? What the ARN does not tell counts where all of it was asked for. */
export const isCertainlyIn = ({ accounts, regions, types }: Extent, whole: Extent, place: ArnPlace): boolean => {
  const among = (known: string, some: readonly string[], all: readonly string[]): boolean =>
    known === '' ? all.every((each) => some.includes(each)) : some.includes(known);
  return (
    among(place.accountId, accounts, whole.accounts) &&
    among(place.region, regions, whole.regions) &&
    types.some((type) => type === place.type)
  );
};
