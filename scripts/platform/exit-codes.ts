/** Exit codes of the commands, so that a script need not read what they print. */

/**
 * `attention` is terraform's own code for a plan with changes; `usage` and `later` are EX_USAGE and EX_TEMPFAIL of BSD's
 * sysexits.h.
 */
export const exitCodes = { done: 0, failed: 1, attention: 2, wentBack: 3, usage: 64, later: 75 } as const;

/** What the codes of a command mean; those every command has are not repeated. */
export interface ExitMeanings {
  /** Default: done. */
  readonly 0?: string;
  /** Default: refused or failed. */
  readonly 1?: string;
  /** Absent where a command never answers it. */
  readonly 2?: string;
  /** Only for a command that can go back. */
  readonly 3?: string;
  /** Only for a command that can be continued later. */
  readonly 75?: string;
}

/** A line per code, for the help. */
export const exitLines = (meanings: ExitMeanings = {}): readonly string[] => [
  `   0  ${meanings[0] ?? 'done'}`,
  `   1  ${meanings[1] ?? 'refused or failed'}`,
  ...(meanings[2] === undefined ? [] : [`   2  ${meanings[2]}`]),
  ...(meanings[3] === undefined ? [] : [`   3  ${meanings[3]}`]),
  `  ${exitCodes.usage}  called with an option, argument or value it does not take; nothing was done`,
  ...(meanings[75] === undefined ? [] : [`  ${exitCodes.later}  ${meanings[75]}`]),
];
