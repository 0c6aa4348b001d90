/** A notice as a Teams message, for a Workflow that posts Adaptive Cards. */
import type { NoticeBodies } from '../../ports/notify.ts';
import type { Telling } from '../telling.ts';

interface Run {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly isSubtle?: boolean;
}

/** Of the runs of a RichTextBlock no Markdown is made, unlike of a TextBlock: https://adaptivecards.io/explorer/TextRun.html */
const rich = (...inlines: readonly Omit<Run, 'type'>[]) => ({
  type: 'RichTextBlock',
  inlines: inlines.map((run): Run => ({ type: 'TextRun', ...run })),
});

export const writtenTeams = ({ headline, about, facts, link, urgent }: Telling): NoticeBodies['teams'] => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        body: [
          rich({ text: urgent ? `Urgent: ${headline}` : headline, weight: 'Bolder' }),
          ...(about === undefined ? [] : [{ type: 'Container', style: 'emphasis', items: [rich({ text: about })] }]),
          ...facts.map(({ label, value }) => rich({ text: `${label}: `, isSubtle: true }, { text: value })),
        ],
        actions: [{ type: 'Action.OpenUrl', title: link.label, url: link.href }],
      },
    },
  ],
});
