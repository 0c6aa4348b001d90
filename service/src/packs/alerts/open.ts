/** Opens the alerts pack on its objects. */
import type { OpenPack } from '../pack.ts';
import { createEscalations } from './escalation/escalations.ts';
import { watchInboxJob, watchInboxWorker } from './ingest/watch-inbox.ts';
import { ingestWebhooks } from './ingest/webhooks.ts';
import { applyJob, applyWorker } from './ingest/worker.ts';
import { keepAlertsJob, keepAlertsWorker } from './jobs/keep-alerts.ts';
import { soon } from './notices/soon.ts';
import { tellAlertsJob, tellAlertsWorker } from './notices/tell-worker.ts';
import { openNetwork } from './open-network.ts';
import { alertPage } from './pages/alert.ts';
import { alertListPage } from './pages/alert-list.ts';
import { analysisPage } from './pages/analysis.ts';
import { boardPage } from './pages/board.ts';
import { routingPage } from './pages/routing.ts';
import { silencesPage } from './pages/silences.ts';
import { alertStyles } from './pages/styles.ts';
import { openReceivers } from './routing/receivers.ts';
import { createRouteBook } from './routing/routes.ts';
import { createRuleBook } from './rules/rules.ts';
import { rulesJob, rulesWorker } from './rules/rules-worker.ts';
import { playStoryJob, playStoryWorker } from './sandbox/play.ts';
import { createSilences } from './silences/silences.ts';
import { mergeEventsJob, mergeEventsWorker } from './store/merge-events.ts';
import { alertTools } from './tools/alerts.ts';
import { analyses } from './tools/analyses.ts';
import { escalateAlert } from './tools/escalate-alert.ts';
import { ingestAlert } from './tools/ingest-alert.ts';
import { routeTools } from './tools/routes.ts';
import { ruleTools } from './tools/rules.ts';
import { silenceTools } from './tools/silences.ts';
import type { AlertPack } from './world.ts';

export const openAlerts: OpenPack = async (services) => {
  const { config, objects, ephemeral, jobs, notify, metrics, log } = services;
  const { states, events, intake, story, now } = await openNetwork(services);
  const pack: AlertPack = {
    states,
    events,
    intake,
    silences: createSilences(objects, log, now),
    rules: createRuleBook(objects, log),
    routes: createRouteBook(objects, log),
    receivers: openReceivers(config),
    objects,
    ephemeral,
    jobs,
    notify,
    metrics,
    log,
    now,
    publicUrl: config.PUBLIC_URL,
    story,
  };
  const escalations = createEscalations(pack);
  return {
    pages: [
      boardPage(pack),
      alertListPage(pack),
      alertPage(pack),
      silencesPage(pack),
      routingPage(pack),
      analysisPage(pack),
    ],
    styles: alertStyles,
    tools: [
      ...alertTools(pack),
      ingestAlert(pack),
      ...silenceTools(pack),
      ...routeTools(pack),
      ...ruleTools(pack),
      escalateAlert(pack, escalations),
      ...analyses(pack),
    ],
    webhooks: ingestWebhooks(intake.ingest),
    workers: [
      applyWorker(intake, () => soon(pack)),
      watchInboxWorker({ ...intake, metrics }),
      ...(story === undefined ? [] : [playStoryWorker(story)]),
      mergeEventsWorker(pack),
      keepAlertsWorker(pack),
      tellAlertsWorker(pack, escalations),
      rulesWorker(pack),
    ],
    jobs: [
      applyJob,
      watchInboxJob,
      ...(story === undefined ? [] : [playStoryJob]),
      mergeEventsJob,
      keepAlertsJob,
      tellAlertsJob,
      rulesJob,
    ],
  };
};
