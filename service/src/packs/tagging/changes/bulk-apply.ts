/** Writes planned tags: sets what has a value afterwards, removes what has none. The same for a change and its revert. */
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import type { ChangeOutcome, ResourceChange } from '../../../operations/plan.ts';
import { clean } from '../../../untrusted.ts';
import { settled } from '../aws/parallel.ts';
import type { Estate, WriteOutcome } from '../estate/estate.ts';
import type { Scanner } from '../scan/scan.ts';
import { editOf, removeJobs, setJobs } from './bulk-edit.ts';

type Outcomes = Map<string, ChangeOutcome>;

const note = (outcomes: Outcomes, written: readonly WriteOutcome[]): void => {
  for (const { arn, ok, code, message } of written) {
    if (ok || outcomes.get(arn)?.outcome === 'failed') continue;
    outcomes.set(arn, {
      resourceId: arn,
      outcome: 'failed',
      code: code ?? 'unknown',
      ...(message === undefined ? {} : { message: clean(message, 500) }),
    });
  }
};

/** An estate that cannot be asked at all wrote nothing. Faults pass: what they left behind is not known. */
const allFailed = (arns: readonly string[], error: unknown): WriteOutcome[] => {
  if (!(error instanceof CountersignError)) throw error;
  return arns.map((arn) => ({ arn, ok: false, code: error.code, message: error.message }));
};

/** Places written to at once, and jobs of one place. How fast one place may be asked is the estate's to know. */
const PLACES_AT_ONCE = 16;
const JOBS_AT_ONCE = 4;

/** All jobs, also after one that failed by a fault, so that none is still writing when it is thrown. @throws the first fault */
const work = async <T>(items: readonly T[], atOnce: number, each: (item: T) => Promise<void>): Promise<void> => {
  const { errors } = await settled(items, atOnce, each);
  if (errors.length > 0) throw errors[0];
};

/** One outcome a change; those the plan expected to fail are not tried. */
export const applyBulk = async (
  pack: { readonly estate: Pick<Estate, 'tag' | 'untag'>; readonly scanner: Pick<Scanner, 'forget'> },
  planned: readonly ResourceChange[],
  context: CallContext,
): Promise<ChangeOutcome[]> => {
  const outcomes: Outcomes = new Map();
  for (const { resourceId, wouldFail } of planned)
    if (wouldFail === undefined) outcomes.set(resourceId, { resourceId, outcome: 'applied' });
    else
      outcomes.set(resourceId, { resourceId, outcome: 'failed', code: wouldFail, message: 'Expected when planned.' });
  const edits = planned.filter((change) => change.wouldFail === undefined).map(editOf);
  try {
    let done = 0;
    const step = async (arns: readonly string[], write: () => Promise<readonly WriteOutcome[]>) => {
      note(outcomes, await write().catch((error: unknown) => allFailed(arns, error)));
      done += arns.length;
      await context.progress(Math.min(done, edits.length), edits.length, 'Writing tags');
    };
    const places = [...Map.groupBy(edits, (edit) => edit.place).values()];
    await work(places, PLACES_AT_ONCE, async (here) => {
      await work(setJobs(here), JOBS_AT_ONCE, ({ work: tags, arns }) =>
        step(arns, () => pack.estate.tag(arns, tags, context)),
      );
      // A resource whose new tags were refused keeps its old ones: half a change is worse than none.
      const whole = here.filter((edit) => outcomes.get(edit.arn)?.outcome !== 'failed');
      await work(removeJobs(whole), JOBS_AT_ONCE, ({ work: keys, arns }) =>
        step(arns, () => pack.estate.untag(arns, keys, context)),
      );
    });
  } finally {
    await pack.scanner.forget();
  }
  return planned.map(
    ({ resourceId }) => outcomes.get(resourceId) ?? { resourceId, outcome: 'failed', code: 'unknown' },
  );
};
