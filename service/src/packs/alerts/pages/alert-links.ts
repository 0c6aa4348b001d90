import { alerts } from '../../../../../contracts/packs/alerts.ts';

/** The page of one alert. */
export const alertHref = (alertId: string): string =>
  alerts.routes.alert.path.replace(':alertId', encodeURIComponent(alertId));
