/** When a call has to end: its time is up, or its client is gone. One controller a call; composed signals cost more. */

export interface Deadline {
  readonly signal: AbortSignal;
  /** The time was up first. */
  readonly passed: () => boolean;
  /** Lets go of the timer and of the client's signal. */
  end(): void;
}

/**
 * @param milliseconds undefined for work that has a limit of its own
 * @param gone aborts when the client hangs up; undefined for work that is carried out all the same
 */
export const openDeadline = (milliseconds: number | undefined, gone: AbortSignal | undefined): Deadline => {
  const controller = new AbortController();
  let passed = false;
  const end = () => {
    passed = true;
    controller.abort(new DOMException('The call took too long', 'TimeoutError'));
  };
  const timer = milliseconds === undefined ? undefined : setTimeout(end, milliseconds);
  const stop = () => controller.abort(gone?.reason);
  if (gone?.aborted) stop();
  else gone?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    passed: () => passed,
    end: () => {
      clearTimeout(timer);
      gone?.removeEventListener('abort', stop);
    },
  };
};
