/** Posts of Alertmanager, of CloudWatch through SNS, and of senders that sign by Standard Webhooks. */
import { z } from 'zod';
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { defineWebhook, type PackWebhook } from '../../webhook.ts';
import type { Ingest } from './ingest.ts';
import type { PostFormat } from './post.ts';

const { alertmanagerPost, cloudwatchPost, genericPost } = alerts.routes;

const webhookOf = (ingest: Ingest, route: PackWebhook['route'], format: PostFormat): PackWebhook =>
  defineWebhook({
    route,
    // The form refuses what it does not know, by its place.
    payload: z.unknown(),
    receive: async ({ payload, signal }) => {
      await ingest.receive(payload, format, signal);
    },
  });

export const ingestWebhooks = (ingest: Ingest): readonly PackWebhook[] => [
  webhookOf(ingest, alertmanagerPost, 'alertmanager'),
  webhookOf(ingest, cloudwatchPost, 'cloudwatch_sns'),
  webhookOf(ingest, genericPost, 'generic'),
];
