/** The page of what the sandbox would have sent. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { partsOf } from '../../notices/sent.ts';
import { channelWords } from '../../notices/topic-words.ts';
import type { NoticeChannel } from '../../ports/notify.ts';
import { sentNoticesPage } from '../../web/index.ts';
import { sentNoticesHref } from '../../web/links.ts';
import type { PageParts } from './parts.ts';
import { forPeople } from './visitor.ts';

const SentQuery = z.object({ cursor: z.string().min(1).max(2000).optional().catch(undefined) });

const isChannel = (name: string): name is NoticeChannel => Object.hasOwn(channelWords, name);

export const addSentNoticesPage = (scope: FastifyInstance, parts: PageParts): void => {
  const { sent } = parts.notices;
  if (sent === undefined) return;
  scope.get(
    routes.sentNotices.path,
    forPeople(parts, async (visitor, request) => {
      const { cursor } = SentQuery.parse(request.query);
      const found = await sent.page(visitor, cursor);
      return sentNoticesPage({
        ...visitor.frame,
        messages: found.items.map((message) => ({
          to: message.recipient,
          channel: isChannel(message.channel) ? channelWords[message.channel] : message.channel,
          at: message.sentAt,
          title: message.title,
          parts: partsOf(message),
        })),
        ...(found.cursor === undefined ? {} : { moreHref: sentNoticesHref(found.cursor) }),
      });
    }),
  );
};
