/** The page of scheduled audits: when each comes next, what the last one found, and forms by which admins change them. */
import { z } from 'zod';
import type { ToolName } from '../../../../../contracts/packs/index.ts';
import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { CountersignError } from '../../../errors.ts';
import { approvalHref } from '../../../web/links.ts';
import {
  defineAction,
  definePage,
  type PackPage,
  type PageContent,
  type PageContext,
  type PageRedirect,
  type PageVisitor,
  type Submitted,
} from '../../page.ts';
import type { Audits } from '../audits/audits.ts';
import type { AuditDraft, AuditForms } from './audit-forms.ts';
import { auditsView } from './audits-view.ts';

interface AuditReports {
  readonly audits: Pick<Audits, 'all'>;
  /** Setting TIME_ZONE, which the form begins with. */
  readonly timeZone: string;
}

interface Shown {
  readonly visitor: PageVisitor;
  readonly context: PageContext;
}

const Asked = z.object({ request_id: z.string() });

/** Wide, so that what a tool refuses is shown in the form with everything that was typed. */
const typed = z.string().max(8000).default('');
const Draft = z.object({
  schedule: typed,
  time: typed,
  timezone: typed,
  recipients: typed,
  format: typed,
  reason: typed,
}) satisfies z.ZodType<AuditDraft>;

const termsOf = ({ recipients, reason, ...terms }: AuditDraft) => ({
  ...terms,
  recipients: recipients
    .split(/[\n,;]/)
    .map((each) => each.trim())
    .filter((each) => each !== ''),
  ...(reason.trim() !== '' && { reason: reason.trim() }),
});

const contentOf = async (
  { audits, timeZone }: AuditReports,
  { visitor, context }: Shown,
  again: Pick<AuditForms, 'draft' | 'problem'> = {},
): Promise<PageContent> => ({
  main: auditsView({
    audits: await audits.all(),
    forms: visitor.scopes.has('admin')
      ? { csrf: visitor.csrf, timeZone, signInAgain: visitor.signInAgain, ...again }
      : undefined,
    now: context.now().toISOString(),
  }),
});

/** Asks for the change and leads to its page; what is refused is told above the audits. */
const asked = async (
  reports: AuditReports,
  { callTool, ...shown }: Shown & Pick<Submitted<unknown>, 'callTool'>,
  [tool, args]: readonly [ToolName, Readonly<Record<string, unknown>>],
  draft?: AuditDraft,
): Promise<PageContent | PageRedirect> => {
  try {
    const { request_id } = Asked.parse(await callTool(tool, args));
    return { redirect: `${approvalHref(request_id)}?planned=change` };
  } catch (error) {
    if (!(error instanceof CountersignError) || error.status >= 500) throw error;
    return { ...(await contentOf(reports, shown, { draft, problem: error.message })), status: error.status };
  }
};

export const auditsPage = (reports: AuditReports): PackPage =>
  definePage({
    route: tagging.routes.audits,
    title: 'Scheduled audits',
    home: {
      title: 'Scheduled audits',
      text: 'When tag compliance is audited by itself, and what the last audits found.',
      link: 'See scheduled audits',
    },
    show: (shown) => contentOf(reports, shown),
    actions: [
      defineAction({
        route: tagging.routes.scheduleAudit,
        fields: Draft,
        submit: ({ fields, ...from }) => asked(reports, from, ['schedule_compliance_audit', termsOf(fields)], fields),
      }),
      defineAction({
        route: tagging.routes.changeAudit,
        fields: z.object({ action: z.enum(['pause', 'resume', 'delete']) }),
        submit: ({ fields: { action }, params: { scheduleId: schedule_id }, ...from }) =>
          asked(
            reports,
            from,
            action === 'delete'
              ? ['delete_compliance_audit', { schedule_id }]
              : ['pause_compliance_audit', { schedule_id, action }],
          ),
      }),
    ],
  });
