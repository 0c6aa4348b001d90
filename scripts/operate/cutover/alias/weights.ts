/** The weights of an alias as those of two variants. */
import { OperatorProblem } from '../../../platform/problem.ts';
import { standingOf } from '../next.ts';
import type { Live } from '../ports.ts';
import type { Run, Weights } from '../run.ts';
import { Foreign } from '../session.ts';
import { type Alias, AliasMoved, type LiveFunction } from './function.ts';

const PREFIX = 'version-';

/** What a run calls a version: `version-7`. */
export const variantOf = (version: string): string => `${PREFIX}${version}`;
export const versionOf = (variant: string): string => variant.slice(PREFIX.length);

/** Without the noise of floating point: 0.1 is 10. */
const percent = (share: number): number => Number((share * 100).toFixed(4));

export const liveOf = (alias: Alias | undefined): Live => {
  if (alias === undefined)
    return {
      weights: {},
      odd: 'the alias is gone: abort ends the run, so that a deployment can make it anew',
      gone: true,
    };
  const others = Object.entries(alias.others).filter(([, share]) => share > 0);
  const rest = 1 - others.reduce((sum, [, share]) => sum + share, 0);
  const shares = [[alias.version, rest] as const, ...others];
  return { weights: Object.fromEntries(shares.map(([version, share]) => [variantOf(version), percent(share)])) };
};

/** The old version stays the alias' own until it has nothing left. */
const aliasFor = ({ variants }: Run, weights: Weights): Omit<Alias, 'revision'> => {
  const share = weights[variants.new] ?? 0;
  const [old, fresh] = [versionOf(variants.old), versionOf(variants.new)];
  if (share === 0 || share === 100) return { version: share === 0 ? old : fresh, others: {} };
  return { version: old, others: { [fresh]: share / 100 } };
};

/** Of another change at the same moment Lambda refuses this one, so it is looked at again. */
const TRIES = 3;

/** Over the alias as it was read, and over nothing else. @throws Foreign where somebody else set it */
export const writeAlias = async (fn: LiveFunction, run: Run, weights: Weights): Promise<void> => {
  const to = aliasFor(run, weights);
  // Not every stand-in for Lambda asks.
  for (const version of [to.version, ...Object.keys(to.others)])
    if ((await fn.state(version)) === undefined)
      throw new OperatorProblem(`There is no version ${version} of ${fn.name}: nothing was shifted.`);
  for (let tries = 1; ; tries += 1) {
    const alias = await fn.alias();
    const live = liveOf(alias);
    if (standingOf(live, run) === 'foreign') throw new Foreign(live);
    try {
      return await fn.update(to, alias?.revision);
    } catch (error) {
      if (!(error instanceof AliasMoved) || tries === TRIES) throw error;
    }
  }
};
