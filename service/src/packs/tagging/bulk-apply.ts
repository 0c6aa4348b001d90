/** Writes planned tags: sets what has a value afterwards, removes what has none. The same for a change and its revert. */
import type { CallContext } from '../../call.ts';
import { canonicalJson } from '../../canonical.ts';
import { CountersignError } from '../../errors.ts';
import type { ChangeOutcome, ResourceChange } from '../../operations/plan.ts';
import { clean } from '../../untrusted.ts';
import type { Tags, WriteOutcome } from './estate.ts';
import type { Pack } from './scan-tool.ts';

interface Edit {
  readonly arn: string;
  readonly set: Tags;
  readonly remove: readonly string[];
}

const editOf = ({ resourceId, before, after }: ResourceChange): Edit => {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const [key, value] of Object.entries(after))
    if (typeof value === 'string' && value !== before[key]) set[key] = value;
    else if (value === null && before[key] !== null) remove.push(key);
  return { arn: resourceId, set, remove };
};

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

/** Groups with equal work, so that one upstream call serves many. */
const grouped = <T>(edits: readonly Edit[], work: (edit: Edit) => T): [T, string[]][] =>
  [...Map.groupBy(edits, (edit) => canonicalJson(work(edit))).values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [[work(first), group.map((edit) => edit.arn)]];
  });

/** One outcome a change; those the plan expected to fail are not tried. */
export const applyBulk = async (
  pack: Pick<Pack, 'estate' | 'scanner'>,
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
    const toSet = edits.filter((edit) => Object.keys(edit.set).length > 0);
    for (const [set, arns] of grouped(toSet, (edit) => edit.set))
      await step(arns, () => pack.estate.tag(arns, set, context));
    // A resource whose new tags were refused keeps its old ones: half a change is worse than none.
    const toRemove = edits.filter((edit) => edit.remove.length > 0 && outcomes.get(edit.arn)?.outcome !== 'failed');
    for (const [keys, arns] of grouped(toRemove, (edit) => edit.remove))
      await step(arns, () => pack.estate.untag(arns, keys, context));
  } finally {
    await pack.scanner.forget();
  }
  return planned.map(
    ({ resourceId }) => outcomes.get(resourceId) ?? { resourceId, outcome: 'failed', code: 'unknown' },
  );
};
