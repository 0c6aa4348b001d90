/**
 * Log lines that alarms and queries read: one line of JSON an event, each known by its fields. The service writes
 * them; a custom image whose `container_log_format` is json writes lines with the same fields.
 */

/** An answered request. `status` is a number. */
const answered = ['method', 'route', 'status', 'milliseconds', 'ip'] as const;
/** A tool call. `outcome` is success, error or blocked; `code` is there unless it was a success, in upper case. */
const toolCalled = ['tool', 'outcome', 'code', 'userId', 'correlationId', 'milliseconds'] as const;

export const logLines = { answered, toolCalled } as const;

export type LogLineName = keyof typeof logLines;
export type LogField = (typeof logLines)[LogLineName][number];
/** The fields of one line; those that an event has not got are undefined. */
export type LogLine<L extends LogLineName> = Readonly<
  Record<(typeof logLines)[L][number], string | number | undefined>
>;

/** Codes that have an alarm of their own. */
export const watchedCodes = {
  accountRefused: 'ACCOUNT_NOT_AUTHORIZED',
  safetyLimit: 'SAFETY_LIMIT_EXCEEDED',
} as const;

/** The tool whose calls are counted by an alarm: many in an hour are an automation gone wrong. */
export const watchedTool = 'update_budget';
