import type { Jobs } from '../../../ports/jobs.ts';

export const TELL_WORKER = 'tell-alerts';

/**
 * Has somebody look within seconds whom to tell what. Call it after anything that changes which alerts are open, acknowledged or
 * silenced, or where they go. Calls that come together make one look; without any, each minute has one.
 */
export const soon = async ({ jobs }: { readonly jobs: Pick<Jobs, 'enqueue'> }): Promise<void> => {
  await jobs.enqueue({ worker: TELL_WORKER, payload: {}, topic: 'soon' });
};
