/** What the sandbox would have sent, as somebody may see it. */
import { z } from 'zod';
import type { Row } from '../../../contracts/tables.ts';
import type { Sight } from '../operations/sight.ts';
import type { Page, Tables } from '../ports/tables.ts';
import type { Reader } from './readers.ts';

export type SentMessage = Row<'sandbox-messages'>;

export interface SentNotices {
  /** The newest first. A page may be short, where others are not for this reader. */
  page(reader: Reader, cursor?: string): Promise<Page<SentMessage>>;
}

const PAGE = 50;

export const openSent = (tables: Pick<Tables, 'query'>, sight: Pick<Sight, 'shows'>): SentNotices => ({
  async page({ scopes, person }, cursor) {
    const found = await tables.query('sandbox-messages', {
      partition: 'sent',
      descending: true,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const shown = ({ tool, personId }: SentMessage): boolean =>
      scopes.has('admin') ||
      (personId !== undefined && personId === person?.personId) ||
      (tool !== undefined && sight.shows(tool, scopes));
    return { ...found, items: found.items.filter(shown) };
  },
});

const Mail = z.object({ subject: z.string(), text: z.string(), html: z.string() });

/** What would be put on the wire. */
export const partsOf = ({
  body,
}: Pick<SentMessage, 'body'>): readonly { readonly name: string; readonly text: string; readonly open: boolean }[] => {
  const mail = Mail.safeParse(body);
  if (!mail.success) return [{ name: 'As JSON', text: JSON.stringify(body, null, 2), open: false }];
  const { subject, text, html } = mail.data;
  return [
    { name: 'Subject and text', text: `Subject: ${subject}\n\n${text}`, open: true },
    { name: 'As HTML', text: html, open: false },
  ];
};
