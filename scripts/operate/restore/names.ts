/** What copies are called. */

import { dayOf } from '../days.ts';

/** What the name of a copy says it is: a verification's, or one that stays. Such as `restored-20261130`. */
export const copyLabel = (kind: 'restore' | 'restored', made: Date): string =>
  `${kind}-${dayOf(made).replaceAll('-', '')}`;

// RDS takes no longer identifier.
const MOST_LETTERS = 63;

/** Of a copy of a database instance. */
export const copyName = (source: string, label: string): string =>
  `${source.slice(0, MOST_LETTERS - label.length - 1).replace(/-+$/, '')}-${label}`;

/** Labels of copies: those of verifications, those that stay, and what was there before one of them took over. */
const labels = ['restore', 'restored', 'before'] as const;

/** Whether an instance has the name of a copy of the source, or of the source from before one took over. */
export const isCopyName = (source: string, name: string): boolean =>
  labels.some((label) => name === copyName(source, `${label}-${name.slice(-8)}`) && /-\d{8}$/.test(name));
