/** What a caller may do how often. Counted per person and client; dry runs are not counted. */
import type { Caller } from '../auth/caller.ts';
import { digest } from '../canonical.ts';
import { CountersignError } from '../errors.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';

export interface GuardSettings {
  /** Tool calls per hour. */
  readonly budgetCallsPerHour: number;
  /** Identical calls in LOOP_SECONDS. */
  readonly loopCalls: number;
}

const HOUR_SECONDS = 3600;
const LOOP_SECONDS = 300;
const UNKNOWN_TOOLS = 5;

/** Looking at one's own operations again and again is waiting, not looping: such tools count for the budget only. */
export interface GuardedTool {
  readonly name: string;
  readonly mayRepeat: boolean;
}

export interface Guards {
  /**
   * @param free the call goes on with an answer that was counted already: it takes nothing of the budget
   * @throws budget_exhausted or loop_detected
   */
  beforeCall(caller: Caller, tool: GuardedTool, input: Record<string, unknown>, free?: boolean): Promise<void>;
  /** @throws loop_detected after too many names that do not exist */
  unknownTool(caller: Caller): Promise<void>;
}

const sessionOf = (caller: Caller): string => `${caller.personId}|${caller.clientId}`;

export const createGuards = (ephemeral: Ephemeral, settings: GuardSettings): Guards => ({
  beforeCall: async (caller, tool, input, free = false) => {
    const session = sessionOf(caller);
    const identical = `loop|${session}|${tool.name}|${digest(input)}`;
    const [budget, repeats] = await Promise.all([
      free ? undefined : ephemeral.count(`budget|${session}`, HOUR_SECONDS),
      tool.mayRepeat ? 0 : ephemeral.slide(identical, LOOP_SECONDS),
    ]);
    if (repeats > settings.loopCalls)
      throw new CountersignError(
        'loop_detected',
        `${tool.name} was called ${settings.loopCalls} times with the same arguments within ${LOOP_SECONDS} seconds. Use the result you have, or change the arguments.`,
        { details: { retry_after_seconds: LOOP_SECONDS } },
      );
    if (budget !== undefined && budget.count > settings.budgetCallsPerHour)
      throw new CountersignError(
        'budget_exhausted',
        `The budget of ${settings.budgetCallsPerHour} tool calls an hour is used up. It starts again in ${budget.resetSeconds} seconds.`,
        { details: { retry_after_seconds: budget.resetSeconds } },
      );
  },
  unknownTool: async (caller) => {
    const tries = await ephemeral.slide(`unknown|${sessionOf(caller)}`, LOOP_SECONDS);
    if (tries > UNKNOWN_TOOLS)
      throw new CountersignError('loop_detected', 'Too many calls of tools that do not exist. List the tools first.', {
        details: { retry_after_seconds: LOOP_SECONDS },
      });
  },
});
