/** A notice as a Slack message. */
import type { NoticeBodies } from '../../ports/notify.ts';
import type { Telling } from '../telling.ts';

// https://docs.slack.dev/reference/block-kit/blocks: a section takes 3,000 characters, a field 2,000, a button 75, a message 50 blocks.
const SECTION_CHARACTERS = 3000;
const FIELD_CHARACTERS = 2000;
const BUTTON_CHARACTERS = 75;
const FIELDS_PER_SECTION = 10;

/** https://docs.slack.dev/messaging/formatting-message-text: with these three escaped nothing is a mention or a link. */
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Cut before it is escaped, so that no entity is cut in half. */
export const slackText = (text: string, most = SECTION_CHARACTERS): string => {
  let length = 0;
  let written = '';
  for (const character of text) {
    const next = escapes[character] ?? character;
    length += next.length;
    if (length > most) return `${written}…`;
    written += next;
  }
  return written;
};

/** As it stands: of plain text Slack makes no link, no mention and no emphasis. */
const plain = (text: string, most?: number) => ({
  type: 'plain_text',
  text: slackText(text, (most ?? SECTION_CHARACTERS) - 1),
  emoji: false,
});

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

export const writtenSlack = ({ headline, about, facts, link, urgent }: Telling): NoticeBodies['slack'] => ({
  // What notifications show, where there are no blocks.
  text: slackText(about === undefined ? headline : `${headline}: ${about}`),
  unfurl_links: false,
  unfurl_media: false,
  parse: 'none',
  blocks: [
    {
      type: 'section',
      text: { type: 'mrkdwn', verbatim: true, text: `${urgent ? ':rotating_light: ' : ''}*${slackText(headline)}*` },
    },
    ...(about === undefined ? [] : [{ type: 'section', text: plain(about) }]),
    ...chunks(facts, FIELDS_PER_SECTION).map((some) => ({
      type: 'section',
      fields: some.map(({ label, value }) => plain(`${label}\n${value}`, FIELD_CHARACTERS)),
    })),
    {
      type: 'actions',
      // A link only: whoever reads the channel is no approver by that.
      elements: [{ type: 'button', text: plain(link.label, BUTTON_CHARACTERS), url: link.href }],
    },
  ],
});
