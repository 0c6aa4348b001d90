/** What the analyses read. */
import { silencingAt } from '../silences/silencing.ts';
import type { Events } from '../store/events.ts';
import type { States } from '../store/states.ts';
import type { AlertPack } from '../world.ts';

export interface AnalysisSources {
  readonly states: Pick<States, 'all'>;
  readonly events: Pick<Events, 'read'>;
  /** Tells which sites were in maintenance at a moment. */
  maintenanceAt(moment: Date): Promise<(siteCode: string) => boolean>;
}

export const analysisSources = ({
  states,
  events,
  silences,
}: Pick<AlertPack, 'states' | 'events' | 'silences'>): AnalysisSources => ({
  states,
  events,
  maintenanceAt: async (moment) => silencingAt(await silences.all(), moment).inMaintenance,
});
