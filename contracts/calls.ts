/** How long a call may last: the service ends it then, and whatever is taken out of service waits at least as long. */

/** The longest a tool call, and the application of an approved operation, may take. */
export const LONGEST_CALL_SECONDS = 300;

/** The longest a call may stay open only to wait for people. A client gives up on a silent call after a minute. */
export const LONGEST_WAIT_SECONDS = 45;

/** Seconds from the last request to a colour or version until nobody waits for its answer any more. */
export const IDLE_AFTER_SECONDS = LONGEST_CALL_SECONDS + 30;
