/** The page of silences: who silenced what, why and until when, with forms that ask for one more or for the end of one. */
import { z } from 'zod';
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import type { ToolName } from '../../../../../contracts/packs/index.ts';
import { CountersignError } from '../../../errors.ts';
import { approvalHref } from '../../../web/links.ts';
import {
  defineAction,
  definePage,
  type PackPage,
  type PageContent,
  type PageRedirect,
  type PageVisitor,
  type Submitted,
} from '../../page.ts';
import { isUnresolved } from '../model/alert.ts';
import type { Matcher } from '../model/matchers.ts';
import type { AlertPack } from '../world.ts';
import { SilenceDraft } from './silence-form.ts';
import { silencesView } from './silences-view.ts';

const Asked = z.object({ operation_id: z.string() });

/** `site_code=CZA0021`, `name=~Cell.*`, `vendor!=acme`, `region!~north|south`: one a line, as Alertmanager writes them. */
const matcherLine = /^([^=!~\s]+)\s*(=~|!~|!=|=)\s*(.*)$/;

/** @throws invalid_input naming the line */
const matchersOf = (text: string): Matcher[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, name, operator, value] = matcherLine.exec(line) ?? [];
      if (name === undefined || operator === undefined || value === undefined)
        throw new CountersignError(
          'invalid_input',
          `Which alerts: write ${line.slice(0, 80)} as label=value, one a line.`,
        );
      return {
        name,
        value: value.replace(/^"(.*)"$/, '$1'),
        isRegex: operator.endsWith('~'),
        isEqual: !operator.startsWith('!'),
      };
    });

const contentOf = async (
  pack: AlertPack,
  visitor: PageVisitor,
  again: { readonly draft?: SilenceDraft; readonly problem?: string } = {},
): Promise<PageContent> => {
  const [silences, all] = await Promise.all([pack.silences.all(), pack.states.all()]);
  return {
    main: silencesView({
      ...{ silences, open: all.filter(isUnresolved), now: pack.now() },
      forms: visitor.scopes.has('alerts:write')
        ? { csrf: visitor.csrf, signInAgain: visitor.signInAgain, ...again }
        : undefined,
    }),
  };
};

type Call = readonly [ToolName, Readonly<Record<string, unknown>>];

/** Asks for the change and leads to its page; what is refused is told above the form. */
const asked = async (
  pack: AlertPack,
  { callTool, visitor }: Pick<Submitted<unknown>, 'callTool' | 'visitor'>,
  call: () => Call,
  draft?: SilenceDraft,
): Promise<PageContent | PageRedirect> => {
  try {
    const { operation_id } = Asked.parse(await callTool(...call()));
    return { redirect: `${approvalHref(operation_id)}?planned=change` };
  } catch (error) {
    if (!(error instanceof CountersignError) || error.status >= 500) throw error;
    const again = { problem: error.message, ...(draft && { draft }) };
    return { ...(await contentOf(pack, visitor, again)), status: error.status };
  }
};

const termsOf = ({ matchers, minutes, kind, comment, starts_at }: SilenceDraft) => ({
  matchers: matchersOf(matchers),
  duration_min: Number(minutes),
  ...{ kind, comment },
  ...(starts_at.trim() !== '' && { starts_at: `${starts_at.trim()}:00Z` }),
});

export const silencesPage = (pack: AlertPack): PackPage =>
  definePage({
    route: alerts.routes.silences,
    title: 'Silences',
    home: {
      title: 'Silences',
      text: 'Alerts that nobody is told of: since when, until when, and why.',
      link: 'See silences',
    },
    query: z.object({ site: z.string().max(32).optional().catch(undefined) }),
    show: ({ visitor, query: { site } }) =>
      contentOf(
        pack,
        visitor,
        site === undefined ? {} : { draft: SilenceDraft.parse({ matchers: `site_code=${site}` }) },
      ),
    actions: [
      defineAction({
        route: alerts.routes.askSilence,
        fields: SilenceDraft,
        submit: ({ fields, ...from }) => asked(pack, from, () => ['create_silence', termsOf(fields)], fields),
      }),
      defineAction({
        route: alerts.routes.askSilenceEnd,
        fields: z.object({}),
        submit: ({ params: { silenceId: silence_id }, ...from }) =>
          asked(pack, from, () => ['expire_silence', { silence_id }]),
      }),
    ],
  });
