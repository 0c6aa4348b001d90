/** With how many tasks a colour begins, and between which bounds. Operations own them from then on: see owned.ts. */
import type { Settings } from './resolve.ts';

export interface FirstCounts {
  readonly desired: number;
  readonly min: number;
  readonly max: number;
}

/** The idle colour begins with none. */
export const firstCounts = (settings: Settings, colour: string): FirstCounts => {
  const active = colour === settings.active_colour;
  return {
    desired: active ? settings.desired_count : 0,
    // Between weekends nothing runs.
    min: active && !settings.weekend_only ? settings.min_count : 0,
    max: settings.max_count,
  };
};
