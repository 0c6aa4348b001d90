/** Which forms of an answer a request takes. RFC 9110 12.5.1: no Accept header takes all. */

interface MediaRange {
  /** In lower case, RFC 9110 8.3.1; star signs stand for anything. */
  readonly type: string;
  readonly subtype: string;
  readonly weight: number;
}

const rangeOf = (text: string): MediaRange => {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const [type = '', subtype = '*'] = range.split('/');
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, subtype, weight: weight === undefined ? 1 : Number(weight) || 0 };
};

/** How exactly a range names a type; 0 where it does not. */
const precision = ({ type, subtype }: MediaRange, wanted: string): number => {
  if (`${type}/${subtype}` === wanted) return 3;
  if (subtype !== '*') return 0;
  if (type === '*') return 1;
  return wanted.startsWith(`${type}/`) ? 2 : 0;
};

const rangesFor = (header: string, wanted: string) =>
  header
    .split(',')
    .map(rangeOf)
    .map((range) => ({ ...range, precision: precision(range, wanted) }));

/** Whether this type is asked for by its own name, as browsers ask for pages. @param wanted in lower case */
export const asksFor = (header: string | undefined, wanted: string): boolean =>
  rangesFor(header ?? '', wanted).some((range) => range.precision === 3 && range.weight > 0);

/** Whether an answer of this type is wanted. @param header the Accept header @param wanted in lower case */
export const accepts = (header: string | undefined, wanted: string): boolean => {
  if (header === undefined || header.trim() === '') return true;
  const ranges = rangesFor(header, wanted);
  // The most precise range decides: */*;q=0 beside application/json takes JSON.
  const best = Math.max(...ranges.map((range) => range.precision));
  return best > 0 && ranges.some((range) => range.precision === best && range.weight > 0);
};
