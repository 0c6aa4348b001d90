/** Makes a range one that DynamoDB accepts: it refuses bounds that hold nothing, and positions outside of them. */
import type { KeyRange } from '../backend.ts';

const below = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

const position = (range: KeyRange, before: boolean, beyond: boolean): KeyRange | undefined => {
  const { after: _after, ...rest } = range;
  if (before) return range.descending ? undefined : rest;
  if (beyond) return range.descending ? rest : undefined;
  return range;
};

/** Undefined where nothing can be in the range. */
export const clamp = (range: KeyRange): KeyRange | undefined => {
  const { sort, after } = range;
  if (sort === undefined) return range;
  const { attribute, to } = sort;
  // No sort value is empty, so an empty bound is none below, and excludes all above.
  const from = sort.from === '' ? undefined : sort.from;
  if (to === '' || (from !== undefined && to !== undefined && below(to, from))) return undefined;
  const bounded: KeyRange = {
    ...range,
    sort: { attribute, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
  };
  const at = after?.[attribute];
  if (typeof at !== 'string') return bounded;
  return position(bounded, from !== undefined && below(at, from), to !== undefined && below(to, at));
};
