/** A silence: which alerts nobody is told of, from when until when, who wanted that, and why. It changes no alert. */
import { z } from 'zod';
import { Matchers, wantsSomething } from './matchers.ts';

export const silenceKinds = ['noise', 'maintenance'] as const;
export const silenceStates = ['pending', 'active', 'expired'] as const;
export type SilenceState = (typeof silenceStates)[number];

const DAY_MS = 86_400_000;
/** Longer ones are forgotten: whoever needs more asks for another. */
export const MOST_SILENT_DAYS = 30;

const Time = z.iso.datetime();

export const Silence = z.object({
  silence_id: z.string(),
  matchers: Matchers.min(1),
  /** Inclusive. */
  starts_at: Time,
  /** Exclusive: at this very moment it silences nothing any more. */
  ends_at: Time,
  /** Mail address of whoever asked for it. */
  created_by: z.string(),
  /** The same person, as notices know them. */
  created_by_id: z.string(),
  created_at: Time,
  /** Why. */
  comment: z.string().min(1).max(1000),
  /** maintenance: sites that it matches are in MAINTENANCE meanwhile. */
  kind: z.enum(silenceKinds),
  /** When it was ended before its time, and by whom. */
  ended_at: Time.nullable(),
  ended_by: z.string().nullable(),
});
export type Silence = z.output<typeof Silence>;

type Span = Pick<Silence, 'starts_at' | 'ends_at'>;

/** From when on it silences nothing, as a time. */
export const silenceEnd = ({ ends_at, ended_at }: Pick<Silence, 'ends_at' | 'ended_at'>): string => ended_at ?? ends_at;

export const silenceState = (silence: Span & Pick<Silence, 'ended_at'>, now: Date): SilenceState => {
  const at = now.getTime();
  if (at >= Date.parse(silenceEnd(silence))) return 'expired';
  return at < Date.parse(silence.starts_at) ? 'pending' : 'active';
};

/** Why there can be no such silence, naming the argument and the remedy. Undefined: there can. */
export const silenceProblem = (
  { matchers, starts_at, ends_at }: Span & Pick<Silence, 'matchers'>,
  now: Date,
): string | undefined => {
  const [start, end] = [Date.parse(starts_at), Date.parse(ends_at)];
  if (!wantsSomething(matchers))
    return 'matchers: all of them match alerts without these labels, so this would silence nearly everything. Add one that names something, such as site_code.';
  if (end <= start) return 'ends_at: must be after starts_at.';
  if (end <= now.getTime()) return `ends_at: must be after now, ${now.toISOString()}.`;
  if (end - start > MOST_SILENT_DAYS * DAY_MS)
    return `ends_at: must be at most ${MOST_SILENT_DAYS} days after starts_at.`;
  return undefined;
};
