import type { AnalysisSources } from './sources.ts';

/** The same sources, as if there were no other sites. None chosen: all of them. */
export const onlySites = (sources: AnalysisSources, chosen: ReadonlySet<string>): AnalysisSources => {
  if (chosen.size === 0) return sources;
  const among = ({ site_code }: { readonly site_code: string }): boolean => chosen.has(site_code);
  return {
    ...sources,
    states: { all: async () => (await sources.states.all()).filter(among) },
    events: {
      read: async function* (period, signal) {
        for await (const rows of sources.events.read(period, signal)) yield rows.filter(among);
      },
    },
  };
};
