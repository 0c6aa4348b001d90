/** Which regions of an environment a command is for. */
import { didYouMean } from '../../contracts/nearest.ts';
import { UsageProblem } from './problem.ts';

/**
 * @param wanted from --region; undefined for all
 * @throws UsageProblem where the environment has no such region
 */
export const pickRegions = <T>(
  environment: string,
  wanted: string | undefined,
  all: readonly T[],
  regionOf: (each: T) => string,
): readonly T[] => {
  const picked = all.filter((each) => wanted === undefined || regionOf(each) === wanted);
  if (wanted === undefined || picked.length > 0) return picked;
  const names = [...new Set(all.map(regionOf))];
  throw new UsageProblem(
    `${environment} has no region ${wanted}${didYouMean(wanted, names) || '.'} It has ${names.join(', ')}.`,
  );
};
