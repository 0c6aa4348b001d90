/** Making a silence, and ending one before its time, as changes that a second person countersigns. */
import { randomUUID } from 'node:crypto';
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import type { ChangeOutcome, Plan, ResourceChange, State } from '../../../operations/plan.ts';
import { clean } from '../../../untrusted.ts';
import { applied, callerOf, changeOf, movedMeanwhile, outrun, planOf, storedSteps } from '../changes/stored-change.ts';
import { matchersWords } from '../model/matchers.ts';
import { Silence, silenceEnd, silenceProblem, silenceState } from '../model/silence.ts';
import { soon } from '../notices/soon.ts';
import type { AlertPack } from '../world.ts';
import { preview } from './preview.ts';

/** More make each look at the alerts slow. Those that are over do not count. */
const MOST_SILENCES = 500;

export const SilenceTerms = Silence.pick({ matchers: true, starts_at: true, ends_at: true, comment: true, kind: true });
type SilenceTerms = Pick<Silence, keyof typeof SilenceTerms.shape>;

const stateOf = (silence: Silence | undefined): State => ({
  matchers: silence === undefined ? null : silence.matchers.map((matcher) => ({ ...matcher })),
  ...Object.fromEntries(
    (['starts_at', 'ends_at', 'comment', 'kind', 'ended_by'] as const).map((key) => [key, silence?.[key] ?? null]),
  ),
});

const termsOf = ({ matchers, starts_at, ends_at, comment, kind }: SilenceTerms): State => ({
  matchers: matchers.map((matcher) => ({ ...matcher })),
  ...{ starts_at, ends_at, comment, kind },
});

const nothing: State = { matchers: null, starts_at: null, ends_at: null, comment: null, kind: null };

const labelOf = ({ matchers }: Pick<Silence, 'matchers'>): string => `Silence ${clean(matchersWords(matchers), 200)}`;
const newId = (): string => `silence-${randomUUID().replaceAll('-', '').slice(0, 12)}`;
export const silenceId = /^silence-[0-9a-f]{12}$/;

const refuseMore = (silences: readonly Silence[], now: Date): void => {
  if (silences.filter((silence) => silenceState(silence, now) !== 'expired').length >= MOST_SILENCES)
    throw new CountersignError('safety_limit_exceeded', `There are ${MOST_SILENCES} silences. End one first.`);
};

export const planSilence = async (pack: AlertPack, terms: SilenceTerms, context: CallContext): Promise<Plan> => {
  const author = callerOf(context);
  const now = pack.now();
  const problem = silenceProblem(terms, now);
  if (problem !== undefined) throw new CountersignError('invalid_input', problem);
  const silences = await pack.silences.all();
  refuseMore(silences, now);
  const { impact, warnings, matching } = preview(terms, await pack.states.all(), silences, now);
  const change = changeOf({
    ...{ resourceId: newId(), label: labelOf(terms), kind: 'alerts:silence', before: nothing, after: termsOf(terms) },
    context: { created_by: author.email, created_by_id: author.personId, ...matching },
  });
  const summary = `Silence alerts with "${clean(matchersWords(terms.matchers), 300)}" from ${terms.starts_at} to ${terms.ends_at}`;
  return planOf(summary, change, { impact, warnings });
};

export const planEnd = async (pack: AlertPack, id: string, context: CallContext): Promise<Plan> => {
  const author = callerOf(context);
  const found = (await pack.silences.get(id))?.value;
  if (found === undefined)
    throw new CountersignError('not_found', 'silence_id: there is no such silence. See list_silences.');
  const now = pack.now();
  if (silenceState(found, now) === 'expired')
    throw outrun(context, `silence_id: it ended at ${silenceEnd(found)} already. Nothing is to be done.`);
  const others = (await pack.silences.all()).filter(({ silence_id }) => silence_id !== id);
  const told =
    silenceState(found, now) === 'pending' ? {} : preview(found, await pack.states.all(), others, now, 'end');
  const states = { before: { ended_by: null }, after: { ended_by: author.email } };
  const change = changeOf({
    resourceId: id,
    label: labelOf(found),
    kind: 'alerts:silence',
    ...states,
    context: termsOf(found),
  });
  return planOf(
    `End the silence of alerts with "${clean(matchersWords(found.matchers), 300)}", which ${found.created_by} made until ${found.ends_at}`,
    change,
    told,
  );
};

/** Why its time cannot be any more. */
const tooLate = ({ resourceId }: ResourceChange, ends: string): ChangeOutcome => ({
  ...{ resourceId, outcome: 'failed', code: 'state_changed' },
  message: `It was to end at ${ends}, which is over. Nothing was written. Ask for another silence.`,
});

const begin = async ({ silences, now }: AlertPack, change: ResourceChange): Promise<ChangeOutcome> => {
  const terms = SilenceTerms.parse(change.after);
  const at = now();
  if (Date.parse(terms.ends_at) <= at.getTime()) return tooLate(change, terms.ends_at);
  const silence: Silence = {
    silence_id: change.resourceId,
    ...terms,
    created_by: String(change.context?.created_by ?? ''),
    created_by_id: String(change.context?.created_by_id ?? ''),
    created_at: at.toISOString(),
    ...{ ended_at: null, ended_by: null },
  };
  return (await silences.put(silence.silence_id, silence, undefined)) ? applied(change) : movedMeanwhile(change);
};

/** Ends it now, or, where that is taken back, lets it go on. */
const setEnd = async ({ silences, now }: AlertPack, change: ResourceChange): Promise<ChangeOutcome> => {
  const found = await silences.get(change.resourceId);
  if (found === undefined) return movedMeanwhile(change);
  const { ended_by } = change.after;
  const at = now();
  if (ended_by === null && Date.parse(found.value.ends_at) <= at.getTime()) return tooLate(change, found.value.ends_at);
  const end =
    typeof ended_by === 'string' ? { ended_by, ended_at: at.toISOString() } : { ended_by: null, ended_at: null };
  const isWritten = await silences.put(change.resourceId, { ...found.value, ...end }, found.etag);
  return isWritten ? applied(change) : movedMeanwhile(change);
};

const write = async (pack: AlertPack, change: ResourceChange): Promise<ChangeOutcome> => {
  if ('ended_by' in change.after) return setEnd(pack, change);
  if (change.after.matchers !== null) return begin(pack, change);
  await pack.silences.remove(change.resourceId);
  return applied(change);
};

export const silenceSteps = (pack: AlertPack) =>
  storedSteps({
    state: async ({ resourceId }) => stateOf((await pack.silences.get(resourceId))?.value),
    write: (change) => write(pack, change),
    afterwards: () => soon(pack),
  });
