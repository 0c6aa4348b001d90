/** When, without anything being posted or done, other people are to be told than now. */
import { silenceEnd } from '../model/silence.ts';
import type { Scene } from './scene.ts';

/** The next moment at which a silence begins or ends, or an acknowledgement expires. Undefined: none of them is to come. */
export const nextEdge = ({ silences, byId, now }: Pick<Scene, 'silences' | 'byId' | 'now'>): number | undefined => {
  const times = [
    ...silences.flatMap((silence) => {
      const [start, end] = [Date.parse(silence.starts_at), Date.parse(silenceEnd(silence))];
      // One that was ended before it began does not begin.
      return start < end ? [start, end] : [];
    }),
    ...[...byId.values()].flatMap(({ status, acknowledgement_expires_at: at }) =>
      status === 'acknowledged' && at !== null ? [Date.parse(at)] : [],
    ),
  ];
  const next = times
    .filter((at) => at > now.getTime())
    .reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  return Number.isFinite(next) ? next : undefined;
};
