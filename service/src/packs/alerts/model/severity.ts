/** How bad an alert is, and the words by which senders say so. */
import { z } from 'zod';

/** 0 is Clear, 5 is Critical. */
export const severityNames = ['Clear', 'Info', 'Warning', 'Minor', 'Major', 'Critical'] as const;

export const AlertSeverity = z.literal([0, 1, 2, 3, 4, 5]);
export type AlertSeverity = z.infer<typeof AlertSeverity>;

const words: ReadonlyMap<string, AlertSeverity> = new Map([
  ...(['critical', 'p1'] as const).map((word) => [word, 5] as const),
  ...(['major', 'high', 'error', 'p2'] as const).map((word) => [word, 4] as const),
  ...(['minor', 'p3'] as const).map((word) => [word, 3] as const),
  ...(['warning', 'warn', 'p4'] as const).map((word) => [word, 2] as const),
  ...(['info', 'p5'] as const).map((word) => [word, 1] as const),
  ...(['clear', 'ok'] as const).map((word) => [word, 0] as const),
  ...([0, 1, 2, 3, 4, 5] as const).map((severity) => [String(severity), severity] as const),
]);

/** Where a sender says nothing, or nothing that is known. */
const OTHERWISE: AlertSeverity = 2;

export interface ParsedSeverity {
  readonly severity: AlertSeverity;
  /** It was not said, or not in a known word. */
  readonly defaulted: boolean;
}

/** Reads a sender's word in any case, or a digit 0 to 5. */
export const parseSeverity = (text: string | undefined): ParsedSeverity => {
  const severity = words.get((text ?? '').trim().toLowerCase());
  return severity === undefined ? { severity: OTHERWISE, defaulted: true } : { severity, defaulted: false };
};

/** 0 to 1. */
export const severityScore = (severity: AlertSeverity): number => severity / 5;
