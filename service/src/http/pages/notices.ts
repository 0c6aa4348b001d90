/** The page on which people choose what they are told, and admins look after shared channels and what was not delivered. */
import type { FastifyInstance, FastifyRequest, preValidationAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { noticeTopics } from '../../../../contracts/notices.ts';
import { routes } from '../../../../contracts/routes.ts';
import { eventFrom } from '../../audit/event.ts';
import { CountersignError } from '../../errors.ts';
import {
  NoticeChoices,
  type PersonalChannel,
  personalChannels,
  type SummaryTimes,
  summaryTimes,
} from '../../notices/choices.ts';
import type { OwnChannel, SharedChannelState, Undelivered } from '../../notices/desk.ts';
import type { Paused } from '../../notices/paused.ts';
import { causeWords, channelWords, topicWords } from '../../notices/topic-words.ts';
import { recipientName } from '../../notices/work.ts';
import { noticesPage } from '../../web/index.ts';
import { noticesHref, signInHref } from '../../web/links.ts';
import type { NoticeChannelProps, NoticesProps, SharedChannelProps, UndeliveredProps } from '../../web/props.ts';
import { originOf } from '../origin.ts';
import { fieldsOf } from '../page-sessions.ts';
import type { PageParts } from './parts.ts';
import { forPeople, forTheirForm, type Visitor } from './visitor.ts';

const NoticesQuery = z.object({
  cursor: z.string().min(1).max(2000).optional().catch(undefined),
  done: z.enum(['saved', 'again', 'resumed']).optional().catch(undefined),
});

const doneWords = {
  saved: 'Your choices are saved.',
  again: 'The message is sent again.',
  resumed: 'Messages are sent there again.',
} as const;

const summaryWords: Readonly<Record<SummaryTimes, string>> = {
  never: 'Never',
  hour: 'Every hour',
  day: 'Every day at 08:00',
};

const pausedProps = (paused: Paused | undefined): Pick<NoticeChannelProps, 'paused'> =>
  paused === undefined ? {} : { paused: { because: paused.because, since: paused.pausedAt } };

const ownLabel = (channel: PersonalChannel, { person }: Visitor): string =>
  channel === 'mail' ? `Mail to ${person.email}` : 'Slack, as a direct message';

const ownProps = ({ channel, paused }: OwnChannel, visitor: Visitor): NoticeChannelProps => ({
  name: channel,
  label: ownLabel(channel, visitor),
  ...pausedProps(paused),
});

const sharedProps = ({ name, channel, topics, reads, paused }: SharedChannelState): SharedChannelProps => ({
  name,
  label: channelWords[channel],
  topics: topics.map((topic) => (topic === 'outcomes' ? 'What becomes of changes' : topicWords[topic].title)),
  reads,
  ...pausedProps(paused),
});

const undeliveredProps = ({ jobId, delivery, because, attempts, givenUpAt }: Undelivered): UndeliveredProps => {
  const { cause, channel, to } = delivery;
  return {
    jobId,
    what: causeWords(cause),
    ...('operationId' in cause && cause.operationId !== undefined ? { operationId: cause.operationId } : {}),
    to: recipientName(to),
    channel: channelWords[channel],
    because,
    attempts,
    at: givenUpAt.toISOString(),
  };
};

const isAdmin = ({ scopes }: Visitor): boolean => scopes.has('admin');

/** What only admins see. */
const adminProps = async (
  { notices }: PageParts,
  cursor: string | undefined,
): Promise<Pick<NoticesProps, 'shared' | 'undelivered' | 'moreHref'>> => {
  const [shared, undelivered] = await Promise.all([notices.desk.shared(), notices.desk.undelivered(cursor)]);
  return {
    shared: shared.map(sharedProps),
    undelivered: undelivered.items.map(undeliveredProps),
    ...(undelivered.cursor === undefined ? {} : { moreHref: noticesHref(undelivered.cursor) }),
  };
};

const unreachable = ({ person }: Visitor): string =>
  person.email === ''
    ? 'Your company’s sign-in tells this service no mail address of you.'
    : 'This service sends no mail and no Slack messages yet. Operators set MAIL_FROM or NOTICE_CHANNELS.';

const propsFor = async (parts: PageParts, visitor: Visitor, request: FastifyRequest): Promise<NoticesProps> => {
  const { desk, sent } = parts.notices;
  const { cursor, done } = NoticesQuery.parse(request.query);
  const choices = await desk.choicesOf(visitor.person.personId, visitor.scopes);
  const channels = await desk.channelsOf(visitor.person);
  return {
    ...visitor.frame,
    channels: channels.map((channel) => ownProps(channel, visitor)),
    // Only admins are told of them.
    topics: noticeTopics
      .filter((topic) => topic !== 'security' || isAdmin(visitor))
      .map((topic) => ({ name: topic, ...topicWords[topic], on: choices[topic] })),
    summaries: summaryTimes.map((value) => ({
      value,
      label: summaryWords[value],
      chosen: value === choices.summaries,
    })),
    unreachable: unreachable(visitor),
    ...(done !== undefined && { notice: doneWords[done] }),
    ...(sent !== undefined && { sandboxHref: routes.sentNotices.path }),
    ...(isAdmin(visitor) && (await adminProps(parts, cursor))),
  };
};

// A form sends one value as text, several as a list, and none as nothing.
const Ticked = z.preprocess(
  (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
  z.array(z.enum(personalChannels)).max(personalChannels.length),
);
const ChoicesForm = z.object({
  ...Object.fromEntries(noticeTopics.map((topic) => [topic, Ticked])),
  summaries: z.enum(summaryTimes),
});

const chosenIn = (request: FastifyRequest): NoticeChoices => {
  const chosen = ChoicesForm.safeParse(fieldsOf(request));
  if (chosen.success) return NoticeChoices.parse(chosen.data);
  throw new CountersignError('invalid_input', 'The form is not complete. Open the page again and repeat your choice.');
};

/** A form cannot be sent again after a sign-in: whoever is no longer signed in comes back to the page. */
const backToNotices =
  ({ pages }: PageParts): preValidationAsyncHookHandler =>
  async (request, reply) => {
    if (!(await pages.find(request))) return reply.redirect(signInHref(routes.notices.path), 303);
  };

/** Does it between the record that it begins and the one that it is done: what failed is not told as a success. */
const recorded = async (
  { audit }: PageParts,
  { person }: Visitor,
  request: FastifyRequest,
  summary: Readonly<Record<string, string>>,
  work: () => Promise<unknown>,
): Promise<void> => {
  const event = { userId: person.personId, tool: 'notices-page', action: 'write', summary: { ...summary } } as const;
  await audit.append(eventFrom(originOf(request), { ...event, result: 'started' }));
  await work();
  await audit.append(eventFrom(originOf(request), { ...event, result: 'success' }));
};

const back = (done: keyof typeof doneWords): string => `${routes.notices.path}?${new URLSearchParams({ done })}`;

const onlyAdmins = (visitor: Visitor): void => {
  if (!isAdmin(visitor)) throw new CountersignError('access_denied', 'Only administrators look after these messages.');
};

const JobPath = z.object({ jobId: z.string().max(100) });
const PausedField = z.object({ channel: z.string().max(100) });

/** The paused address that a form names: one's own, or for admins a shared one. @throws not_found, access_denied */
const namedAddress = async ({ notices }: PageParts, visitor: Visitor, named: string) => {
  const own = personalChannels.find((channel) => channel === named);
  if (own !== undefined) return { to: { personId: visitor.person.personId }, channel: own };
  onlyAdmins(visitor);
  const found = (await notices.desk.shared()).find(({ name }) => `shared:${name}` === named);
  if (found === undefined) throw new CountersignError('not_found', 'There is no channel of this name.');
  return { to: { shared: found.name }, channel: found.channel };
};

export const addNoticesPage = (scope: FastifyInstance, parts: PageParts): void => {
  const { desk } = parts.notices;
  const form = (handler: (visitor: Visitor, request: FastifyRequest) => Promise<string>) => ({
    preValidation: backToNotices(parts),
    ...forTheirForm(parts, async (visitor, request, reply) => reply.redirect(await handler(visitor, request), 303)),
  });

  scope.get(
    routes.notices.path,
    forPeople(parts, async (visitor, request) => noticesPage(await propsFor(parts, visitor, request))),
  );
  scope.post(
    routes.chooseNotices.path,
    form(async (visitor, request) => {
      const chosen = chosenIn(request);
      await recorded(parts, visitor, request, { chose: JSON.stringify(chosen) }, () =>
        desk.choose(visitor.person.personId, chosen),
      );
      return back('saved');
    }),
  );
  scope.post(
    routes.replayNotice.path,
    form(async (visitor, request) => {
      onlyAdmins(visitor);
      const { jobId } = JobPath.parse(request.params);
      await recorded(parts, visitor, request, { replayed: jobId }, () => desk.replay(jobId, visitor.person.personId));
      return back('again');
    }),
  );
  scope.post(
    routes.resumeNotices.path,
    form(async (visitor, request) => {
      const { channel: named } = PausedField.parse(fieldsOf(request));
      const { to, channel } = await namedAddress(parts, visitor, named);
      await recorded(parts, visitor, request, { resumed: named }, () => desk.resume(to, channel));
      return back('resumed');
    }),
  );
};
