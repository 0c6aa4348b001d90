/** Opens the pack on Google, or on the stand-in that is its sandbox. */
import type { Pack, PackServices } from '../pack.ts';
import { openAds } from './google/ads/ads.ts';
import { openAnalytics } from './google/analytics.ts';
import { openCrux } from './google/crux.ts';
import { googleParts } from './google/parts.ts';
import { openSearchConsole } from './google/search-console.ts';
import { budgetsPage } from './pages/budgets.ts';
import { budgetStyles } from './pages/styles.ts';
import { openSafetyDesk } from './safety/desk.ts';
import { googleAccess } from './sandbox/google-access.ts';
import type { StandIn } from './sandbox/stand-in.ts';
import { adsTools } from './tools/ads.ts';
import { analyticsTools } from './tools/analytics.ts';
import { cruxTools } from './tools/crux.ts';
import { searchConsoleTools } from './tools/search-console.ts';
import type { Marketing } from './world.ts';

/** In the sandbox, unless GOOGLE_URL names a stand-in that is there already. */
const openStandIn = async ({ config, now, tables }: PackServices): Promise<StandIn | undefined> => {
  if (config.MARKETING === 'google' || config.GOOGLE_URL !== undefined) return undefined;
  const { startSandbox } = await import('./sandbox/index.ts');
  return startSandbox(now, tables);
};

export const openMarketing = async (services: PackServices): Promise<Pack> => {
  const { config, upstream, credentials, accounts } = services;
  const sandbox = config.MARKETING === 'sandbox';
  const standIn = await openStandIn(services);
  const google = googleParts(upstream, standIn?.url, async (context) =>
    sandbox ? undefined : credentials.of('google', context),
  );
  const ads = openAds(google, {
    version: config.GOOGLE_ADS_API_VERSION,
    loginCustomerId: config.GOOGLE_ADS_LOGIN_CUSTOMER_ID,
    developerToken: config.GOOGLE_ADS_DEVELOPER_TOKEN,
  });
  const world: Marketing = {
    searchConsole: openSearchConsole(google),
    analytics: openAnalytics(google),
    // The stand-in takes any key, and none is refused there as at Google.
    crux: openCrux(google, config.CRUX_API_KEY ?? 'sandbox'),
    ads,
    accounts,
    safety: openSafetyDesk(services),
    publicUrl: config.PUBLIC_URL,
    sandbox,
  };
  return {
    tools: [...searchConsoleTools(world), ...cruxTools(world), ...analyticsTools(world), ...adsTools(world)],
    pages: [budgetsPage({ ...services, safety: world.safety })],
    styles: budgetStyles,
    ...(sandbox && { demonstrates: googleAccess }),
    close: async () => standIn?.close(),
  };
};
