/** Opens the alerts pack on its objects. */
import type { OpenPack } from '../pack.ts';
import { createEscalations } from './escalation/escalations.ts';
import { openIngest } from './ingest/open.ts';
import { ingestWebhooks } from './ingest/webhooks.ts';
import { applyJob, applyWorker } from './ingest/worker.ts';
import { keepAlertsJob, keepAlertsWorker } from './jobs/keep-alerts.ts';
import { tellAlertsJob, tellAlertsWorker } from './notices/tell-worker.ts';
import { alertPage } from './pages/alert.ts';
import { alertListPage } from './pages/alert-list.ts';
import { boardPage } from './pages/board.ts';
import { routingPage } from './pages/routing.ts';
import { silencesPage } from './pages/silences.ts';
import { styles } from './pages/styles.ts';
import { openReceivers } from './routing/receivers.ts';
import { createRouteBook } from './routing/routes.ts';
import { createSilences } from './silences/silences.ts';
import { createEvents } from './store/events.ts';
import { mergeEventsJob, mergeEventsWorker } from './store/merge-events.ts';
import { createStates } from './store/states.ts';
import { alertTools } from './tools/alerts.ts';
import { analyses } from './tools/analyses.ts';
import { escalateAlert } from './tools/escalate-alert.ts';
import { ingestAlert } from './tools/ingest-alert.ts';
import { routeTools } from './tools/routes.ts';
import { silenceTools } from './tools/silences.ts';
import type { AlertPack } from './world.ts';

export const openAlerts: OpenPack = async (services) => {
  const { config, objects, ephemeral, jobs, notify, metrics, log, now } = services;
  const states = createStates(objects, log, now);
  const events = createEvents(objects);
  const intake = openIngest(services, { states, events, now });
  const pack: AlertPack = {
    states,
    events,
    intake,
    silences: createSilences(objects, now),
    routes: createRouteBook(objects),
    receivers: openReceivers(config),
    objects,
    ephemeral,
    jobs,
    notify,
    metrics,
    log,
    now,
    publicUrl: config.PUBLIC_URL,
    sandbox: config.ALERT_NETWORK === 'sandbox',
  };
  const escalations = createEscalations(pack);
  return {
    pages: [boardPage(pack), alertListPage(pack), alertPage(pack), silencesPage(pack), routingPage(pack)],
    styles,
    tools: [
      ...alertTools(pack),
      ingestAlert(pack),
      ...silenceTools(pack),
      ...routeTools(pack),
      escalateAlert(pack, escalations),
      ...analyses(pack),
    ],
    webhooks: ingestWebhooks(intake.ingest),
    workers: [
      applyWorker(intake),
      mergeEventsWorker(pack),
      keepAlertsWorker(pack),
      tellAlertsWorker(pack, escalations),
    ],
    jobs: [applyJob, mergeEventsJob, keepAlertsJob, tellAlertsJob],
  };
};
