import type { Jobs } from '../../../ports/jobs.ts';
import type { Notify } from '../../../ports/notify.ts';
import type { AlertPack } from '../world.ts';

/** What telling people of alerts needs of the pack. */
export interface TellPack
  extends Pick<AlertPack, 'objects' | 'states' | 'silences' | 'routes' | 'receivers' | 'log' | 'now'> {
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly notify: Notify;
}
