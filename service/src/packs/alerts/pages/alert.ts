/** The page of one alert: what it is, what happened to it, who is silent about it, and forms by which people act on it. */
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import type { ToolName } from '../../../../../contracts/packs/index.ts';
import { CountersignError } from '../../../errors.ts';
import { defineAction, definePage, type PackPage, type PageContent, type PageVisitor } from '../../page.ts';
import { noAlert } from '../life/act-on.ts';
import { silencingAt } from '../silences/silencing.ts';
import type { AlertPack } from '../world.ts';
import { AlertDraft } from './alert-draft.ts';
import { alertHref } from './alert-links.ts';
import { alertView } from './alert-view.ts';

type Call = readonly [ToolName, Readonly<Record<string, unknown>>];

const callOf = (alert_id: string, { act, minutes, text }: AlertDraft): Call => {
  const words = text.trim();
  if (act === 'note') return ['add_alert_note', { alert_id, text: words }];
  if (act === 'resolve') return ['resolve_alert', { alert_id, ...(words !== '' && { resolution: words }) }];
  const expires_in_min = Number(minutes) || undefined;
  return [
    'acknowledge_alert',
    { alert_id, ...(words !== '' && { comment: words }), ...(expires_in_min !== undefined && { expires_in_min }) },
  ];
};

const contentOf = async (
  pack: AlertPack,
  alertId: string,
  visitor: PageVisitor,
  again: { readonly draft?: AlertDraft; readonly problem?: string } = {},
): Promise<PageContent> => {
  const alert = await pack.states.get(alertId);
  if (alert === undefined) throw noAlert(`alert: ${alertId}`);
  const now = pack.now();
  const silences = silencingAt(await pack.silences.all(), now).of(alert);
  return {
    title: `${alert.name} ${alert.site_code}`.trim(),
    main: alertView({
      ...{ alert, silences, now: now.toISOString() },
      forms: visitor.scopes.has('alerts:write')
        ? { csrf: visitor.csrf, signInAgain: visitor.signInAgain, ...again }
        : undefined,
    }),
  };
};

export const alertPage = (pack: AlertPack): PackPage =>
  definePage({
    route: alerts.routes.alert,
    title: 'Alert',
    show: ({ params: { alertId = '' }, visitor }) => contentOf(pack, alertId, visitor),
    actions: [
      defineAction({
        route: alerts.routes.actOnAlert,
        fields: AlertDraft,
        submit: async ({ fields, params: { alertId = '' }, visitor, callTool }) => {
          try {
            await callTool(...callOf(alertId, fields));
            return { redirect: alertHref(alertId) };
          } catch (error) {
            if (!(error instanceof CountersignError) || error.status >= 500) throw error;
            const content = await contentOf(pack, alertId, visitor, { draft: fields, problem: error.message });
            return { ...content, status: error.status };
          }
        },
      }),
    ],
  });
