/** What a reader is told for a cause, looked up at the moment it is sent; nothing where they may not know, or it is over. */
import type { NoticeTopic } from '../../../contracts/notices.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import { refusalOnPage } from '../operations/on-page.ts';
import type { Operation } from '../operations/operation.ts';
import { isSamePerson } from '../operations/same-human.ts';
import { composingAccess, composingRequest } from './access-composing.ts';
import { tellingOf } from './operation-telling.ts';
import type { Compose, Composed, ComposeParts } from './parts.ts';
import type { Reader } from './readers.ts';
import { incidentTelling } from './security.ts';
import { summaryTelling } from './summary.ts';
import { outsideLine } from './telling.ts';
import { isSuperseded } from './transitions.ts';
import type { NoticeCause } from './work.ts';

type Of<K extends NoticeCause['of']> = Extract<NoticeCause, { of: K }>;

/** Topics under which an operation's notice is for a reader; none where it is not for them. */
const topicsFor = (
  parts: ComposeParts,
  { notice }: Of<'operation'>,
  operation: Operation,
  { person, scopes }: Reader,
): readonly NoticeTopic[] => {
  if (operation.status === 'awaiting-countersign') {
    const mayAnswer =
      person === undefined ||
      !refusalOnPage({ ...parts, ...parts.pipeline }, operation, 'approve', { ...person, scopes });
    return mayAnswer && parts.pipeline.integrity(operation) === 'whole' ? ['waiting'] : [];
  }
  const applied = notice === 'applied' ? (['applied'] as const) : [];
  return person === undefined || isSamePerson(person, operation.requester) ? ['outcomes', ...applied] : applied;
};

/** The service itself, which reads an operation once for all who may be told of it. */
const itself = { scopes: new Set<Scope>(['admin']) };

const ofOperation = async (parts: ComposeParts, cause: Of<'operation'>): Promise<Compose> => {
  const operation = await parts.pipeline.seenBy(itself).get(cause.operationId);
  if (operation === undefined || isSuperseded(cause.notice, cause.version, operation)) return async () => undefined;
  return async (reader) => {
    if (!parts.pipeline.sight.shows(operation.tool, reader.scopes)) return undefined;
    const topics = topicsFor(parts, cause, operation, reader);
    if (topics.length === 0) return undefined;
    const { person } = reader;
    const addressed = person !== undefined && isSamePerson(person, operation.requester) ? 'requester' : 'others';
    return {
      telling: tellingOf(cause.notice, operation, addressed, parts),
      topics,
      tool: operation.tool,
      concerns: { personId: operation.requester.personId, operationId: operation.operationId },
    };
  };
};

const ofPack = (
  parts: ComposeParts,
  cause: Of<'pack' | 'addressed'>,
  { person, scopes }: Reader,
): Composed | undefined => {
  if (!scopes.has(cause.scope)) return undefined;
  if (cause.personId !== undefined && cause.personId !== person?.personId) return undefined;
  const { headline, about, facts, link, urgent, at, security, pack } = cause;
  return {
    topics: [security ? 'security' : 'packs'],
    telling: {
      type: `pack.${pack}`,
      headline,
      ...(about === undefined ? {} : { about: outsideLine(about) }),
      facts: facts.map(({ label, value }) => ({ label, value: outsideLine(value) })),
      link: { label: link.label, href: `${parts.publicUrl}${link.path}` },
      urgent,
      at,
    },
  };
};

/** What each reader is told of it, as things are now. */
export const composing = async (parts: ComposeParts, cause: NoticeCause): Promise<Compose> => {
  switch (cause.of) {
    case 'operation':
      return ofOperation(parts, cause);
    case 'access-request':
      return composingRequest(parts, cause);
    case 'access':
      return composingAccess(parts, cause);
    case 'pack':
    case 'addressed':
      return async (reader) => ofPack(parts, cause, reader);
    case 'security':
      // Who did what is for those who may read the audit log of all people.
      return async ({ scopes }) =>
        scopes.has('admin') ? { telling: incidentTelling(cause, parts), topics: ['security'] } : undefined;
    case 'summary':
      return async (reader) => {
        const telling = await summaryTelling(parts, cause, reader);
        return telling && { telling, topics: ['summary'] };
      };
  }
};
