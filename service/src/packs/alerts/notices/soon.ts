import type { Logger } from 'pino';
import type { Jobs } from '../../../ports/jobs.ts';

export const TELL_WORKER = 'tell-alerts';

/**
 * Has somebody look within seconds whom to tell what. Call it after anything that changes which alerts are open, acknowledged or
 * silenced, or where they go. Calls that come together make one look; without any, each minute has one, so what was done stays
 * done where this cannot be asked for. Never rejects.
 */
export const soon = async ({
  jobs,
  log,
}: {
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly log: Logger;
}): Promise<void> => {
  try {
    await jobs.enqueue({ worker: TELL_WORKER, payload: {}, topic: 'soon' });
  } catch (err) {
    log.warn({ err }, 'people are told of alerts by the job of the next minute');
  }
};
