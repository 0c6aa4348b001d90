/** How old what a page tells is. */
import { until } from '../../../web/format.ts';

/** `3 hours ago`. */
export const ago = (iso: string, now: string): string => {
  const passed = until(now, iso);
  return passed === undefined ? 'just now' : `${passed} ago`;
};
