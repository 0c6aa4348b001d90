/** The operations as one person sees them: those they may not see are not there. */
import type { Scope } from '../../../contracts/scopes.ts';
import { type Operation, waiting } from './operation.ts';
import type { RecentFilter } from './recent.ts';
import type { Sight } from './sight.ts';
import type { OperationStore } from './store.ts';

export interface Viewer {
  readonly scopes: ReadonlySet<Scope>;
}

export interface Seen {
  /** Undefined for an id that does not exist, and for one that the viewer may not see. */
  get(operationId: string): Promise<Operation | undefined>;
  /**
   * Newest first. A cursor is there only if there is more that the viewer may see, or if they see more records than one
   * list reads; it names one of them. Of the tools that a filter names, only those that the viewer may see count.
   */
  recent(filter: RecentFilter): Promise<{ readonly items: Operation[]; readonly cursor?: string }>;
  /** Operations somebody is waited for, newest first, at most 100. */
  waiting(): Promise<Operation[]>;
}

const MOST_WAITING = 100;

export const openSeen = (store: Pick<OperationStore, 'get' | 'recent'>, sight: Sight, { scopes }: Viewer): Seen => {
  const shows = (tool: string): boolean => sight.shows(tool, scopes);
  const tools = sight.toolsShown(scopes);
  return {
    get: (operationId) => store.get(operationId, shows),
    recent: ({ tools: asked, ...filter }) => store.recent({ ...filter, tools: asked?.filter(shows) ?? tools }),
    waiting: async () => (await store.recent({ statuses: waiting, limit: MOST_WAITING, tools })).items,
  };
};
