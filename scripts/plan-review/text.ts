/** A review for the terminal. */
import { differenceText } from './differences.ts';
import { type Change, type Review, sectionsOf, totals } from './review.ts';

const marks = { delete: '-', replace: '-/+', update: '~', create: '+', forget: '.' } as const;
const MOST = 12;

const describe = ({ action, address, losesState, forcedBy, differences }: Change): string[] => {
  const told = action === 'update' ? differences : [];
  return [
    `  ${marks[action].padEnd(3)} ${address}${losesState ? '   HOLDS DATA' : ''}`,
    ...forcedBy.map((reason) => `        because ${reason}`),
    ...told.slice(0, MOST).map((difference) => `        ${differenceText(difference)}`),
    ...(told.length > MOST ? [`        and ${told.length - MOST} more`] : []),
  ];
};

/** New resources of a type in one line each: nobody reads 150 of them. */
const collapse = (changes: readonly Change[]): string[] => {
  const byType = new Map<string, number>();
  for (const { type } of changes) byType.set(type, (byType.get(type) ?? 0) + 1);
  return [...byType].sort().map(([type, count]) => `  +   ${String(count).padStart(3)} ${type}`);
};

export const reviewText = ({ stack, changes }: Review): string =>
  [
    `${stack}: ${totals(changes)}`,
    ...sectionsOf(changes).flatMap(({ title, changes: of, name }) => {
      const fresh = of.filter(({ action }) => action === 'create');
      const others = of.filter(({ action }) => action !== 'create');
      return ['', ` ${title}`, ...others.flatMap(describe), ...(name === 'destroyed' ? [] : collapse(fresh))];
    }),
  ].join('\n');
