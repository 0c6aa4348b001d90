/** How long a task that is told to stop takes: what the platform sets and what the rules of the settings check. */
import type { Settings } from './resolve.ts';

/** Seconds between the service giving up on its last requests and SIGKILL. */
export const STOP_MARGIN = 5;
/** Seconds that requests under way are left at least. */
export const LEAST_GRACE = 5;

type HealthCheck = Pick<Settings, 'health_check_interval_seconds' | 'health_check_unhealthy'>;

/** Seconds until a load balancer has surely seen that a target is not ready, and 5 to spare. */
export const drainSeconds = (s: HealthCheck): number => s.health_check_interval_seconds * s.health_check_unhealthy + 5;
