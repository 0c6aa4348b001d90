/** What of a network an alert is about. The order is that of causes: what stands earlier takes down what stands later. */
import { z } from 'zod';

export const elementTypes = ['POWER_SYSTEM', 'TRANSMISSION', 'CORE_NETWORK', 'CELL_SITE', 'UNKNOWN'] as const;

export const ElementType = z.enum(elementTypes);
export type ElementType = z.infer<typeof ElementType>;

/** 1 for what causes most, 5 for what is not known. */
export const rankOf = (type: ElementType): number => elementTypes.indexOf(type) + 1;

/** Reads a sender's word in any case; UNKNOWN for one that is not known. */
export const parseElementType = (text: string | undefined): ElementType =>
  elementTypes.find((type) => type === (text ?? '').trim().toUpperCase()) ?? 'UNKNOWN';

/** A site as people write it. Senders may leave it out: the site is then empty. */
export const siteCode = /^[A-Z0-9_-]{2,32}$/;
