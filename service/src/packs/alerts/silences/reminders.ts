/** Reminds whoever made a silence that it still is there, so that none is forgotten: ADR 70 says when. */
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { isUnresolved } from '../model/alert.ts';
import { matchersWords } from '../model/matchers.ts';
import { type Silence, silenceEnd, silenceState } from '../model/silence.ts';
import type { Scene } from '../notices/scene.ts';
import type { TellPack } from '../notices/tell-pack.ts';
import { matchedBy } from './silencing.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days after its start: the first day, then each week. */
const REMINDED_DAYS = [1, 7, 14, 21, 28] as const;
/** Shorter ones end before anybody forgets them. */
const SHORT_MS = 4 * HOUR_MS;

export interface Reminder {
  readonly kind: 'lasts' | 'ends';
  /** Epoch milliseconds. */
  readonly at: number;
}

/** When its author is reminded of a silence, the first first. */
export const remindersOf = (silence: Silence): readonly Reminder[] => {
  const [start, end] = [Date.parse(silence.starts_at), Date.parse(silenceEnd(silence))];
  const lasting = REMINDED_DAYS.map((days) => ({ kind: 'lasts' as const, at: start + days * DAY_MS }));
  const ending = end - start >= SHORT_MS ? [{ kind: 'ends' as const, at: end - HOUR_MS }] : [];
  return [...lasting, ...ending].filter(({ at }) => at < end).sort((one, other) => one.at - other.at);
};

const headlineOf = ({ kind }: Reminder, matched: number): string => {
  if (kind === 'ends')
    return `Your silence ends within the hour, and ${plural(matched, 'open alert')} will be told again`;
  return matched === 0
    ? 'Your silence is still active, and no open alert matches it'
    : `Your silence is still active, and silences ${plural(matched, 'open alert')}`;
};

/** The newest reminder that has come, of an active silence. */
const dueOf = (silence: Silence, now: Date): Reminder | undefined =>
  silenceState(silence, now) === 'active' ? remindersOf(silence).findLast(({ at }) => at <= now.getTime()) : undefined;

export const remindAuthors = async (
  { notify }: Pick<TellPack, 'notify'>,
  { silences, byId, now }: Pick<Scene, 'silences' | 'byId' | 'now'>,
): Promise<void> => {
  const open = [...byId.values()].filter(isUnresolved);
  for (const silence of silences) {
    const reminder = dueOf(silence, now);
    if (reminder === undefined) continue;
    const matched = matchedBy(silence, open).length;
    if (reminder.kind === 'ends' && matched === 0) continue;
    await notify.tell({
      key: `silence/${silence.silence_id}/${reminder.kind}/${reminder.at}`,
      headline: headlineOf(reminder, matched),
      about: clean(silence.comment, 500),
      facts: [
        { label: 'Silences', value: matchersWords(silence.matchers).slice(0, 300) },
        { label: 'Since', value: silence.starts_at },
        { label: 'Until', value: silenceEnd(silence) },
      ],
      link: { label: 'See silences', path: alerts.routes.silences.path },
      scope: 'alerts:read',
      personId: silence.created_by_id,
    });
  }
};
