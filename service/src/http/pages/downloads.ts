/** The page behind a download link: it looks who follows it, and hands the file over. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { eventFrom } from '../../audit/event.ts';
import type { Audit } from '../../audit/port.ts';
import { CountersignError } from '../../errors.ts';
import { attachment } from '../../objects/attachment.ts';
import type { Linked, Links } from '../../objects/links.ts';
import { packOfKey } from '../../packs/own-objects.ts';
import type { ObjectEngine } from '../../ports/objects.ts';
import { downloadPage } from '../../web/index.ts';
import { originOf } from '../origin.ts';
import type { PageSessions } from '../page-sessions.ts';
import { forPeople, type Visitor } from './visitor.ts';

export interface DownloadParts {
  readonly pages: PageSessions;
  readonly audit: Pick<Audit, 'append'>;
  readonly links: Pick<Links, 'read'>;
  readonly objects: Pick<ObjectEngine, 'get' | 'handOver' | 'head'>;
  /** The packs that are enabled: files of others are as absent as their pages. */
  readonly packs: readonly string[];
}

const Query = z.object({ link: z.string().max(2000).catch('') });

const isFor = ({ readers }: Linked, { person, scopes }: Visitor): boolean =>
  'person' in readers ? readers.person === person.personId : scopes.has(readers.scope);

const gone = (): CountersignError =>
  new CountersignError('not_found', 'The file of this link is not there any more. Ask for a new one.');

/** Who took what, or was refused it. Without a record of it nothing is handed over. */
const record = (
  { audit }: DownloadParts,
  { key, fileName }: Linked,
  result: 'success' | 'blocked',
  { person }: Visitor,
  request: FastifyRequest,
) =>
  audit.append(
    eventFrom(originOf(request), {
      userId: person.personId,
      tool: 'download',
      action: 'read',
      result,
      parameters: { key, file: fileName },
      ...(result === 'blocked' && { errorCode: 'access_denied' }),
    }),
  );

const send = async ({ objects }: DownloadParts, { key, fileName }: Linked, { frame }: Visitor, reply: FastifyReply) => {
  const address = await objects.handOver(key, fileName);
  if (address !== undefined) {
    // Not a redirect: whoever just signed in by a form is held by browsers to its form-action, which names no bucket.
    reply.header('refresh', `0; url=${address}`);
    return downloadPage({ ...frame, href: address, fileName });
  }
  const found = await objects.get(key);
  if (found === undefined) throw gone();
  return reply
    .headers({
      'content-type': found.contentType,
      'content-length': found.size,
      'content-disposition': attachment(fileName),
      // Whoever shows it all the same shows it without scripts and as nobody's origin.
      'content-security-policy': "default-src 'none'; sandbox",
    })
    .send(found.body);
};

export const addDownloads = (scope: FastifyInstance, parts: DownloadParts): void => {
  scope.get(
    routes.download.path,
    forPeople(parts, async (visitor, request, reply) => {
      const link = await parts.links.read(Query.parse(request.query).link);
      const pack = packOfKey(link.key);
      if (pack === undefined || !parts.packs.includes(pack)) throw gone();
      if (!isFor(link, visitor)) {
        await record(parts, link, 'blocked', visitor, request);
        throw new CountersignError('access_denied', 'This file is for somebody else. Ask for a link of your own.', {
          recorded: true,
        });
      }
      if ((await parts.objects.head(link.key)) === undefined) throw gone();
      await record(parts, link, 'success', visitor, request);
      return send(parts, link, visitor, reply);
    }),
  );
};
