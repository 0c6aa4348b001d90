/** A review for the terminal. */
import { type Paint, plain, type Tone } from '../platform/colour.ts';
import { differenceText } from './differences.ts';
import { type Change, type Review, sectionsOf, totals } from './review.ts';

const marks = { delete: '-', replace: '-/+', update: '~', create: '+', forget: '.' } as const;
const tones: Readonly<Record<keyof typeof marks, Tone>> = {
  delete: 'bad',
  replace: 'bad',
  update: 'warning',
  create: 'good',
  forget: 'dim',
};
const MOST = 12;

const describe = ({ action, address, losesState, forcedBy, differences }: Change, paint: Paint): string[] => {
  const told = action === 'update' ? differences : [];
  return [
    `  ${paint(tones[action], marks[action].padEnd(3))} ${address}${losesState ? `   ${paint('bad', 'HOLDS DATA')}` : ''}`,
    ...forcedBy.map((reason) => `        because ${reason}`),
    ...told.slice(0, MOST).map((difference) => `        ${differenceText(difference)}`),
    ...(told.length > MOST ? [`        and ${told.length - MOST} more`] : []),
  ];
};

/** New resources of a type in one line each: nobody reads 150 of them. */
const collapse = (changes: readonly Change[], paint: Paint): string[] => {
  const byType = new Map<string, number>();
  for (const { type } of changes) byType.set(type, (byType.get(type) ?? 0) + 1);
  return [...byType].sort().map(([type, count]) => `  ${paint('good', '+')}   ${String(count).padStart(3)} ${type}`);
};

/** @param paint colours what is destroyed, changed and made; default: no colours */
export const reviewText = ({ stack, changes, notes = [] }: Review, paint: Paint = plain): string =>
  [
    paint('strong', `${stack}: ${totals(changes)}`),
    ...sectionsOf(changes).flatMap(({ title, changes: of, name }) => {
      const fresh = of.filter(({ action }) => action === 'create');
      const others = of.filter(({ action }) => action !== 'create');
      return [
        '',
        ` ${title}`,
        ...others.flatMap((change) => describe(change, paint)),
        ...(name === 'destroyed' ? [] : collapse(fresh, paint)),
      ];
    }),
    ...(notes.length > 0 ? ['', ' To know', ...notes.map((note) => `  *   ${note}`)] : []),
  ].join('\n');
