/** The network whose alerts the pack looks after: that of the senders of the webhooks, or the sandbox's with a time of its own. */
import type { PackServices } from '../pack.ts';
import { type OpenIngest, openIngest } from './ingest/open.ts';
import { soon } from './notices/soon.ts';
import { afterBegin, createSandboxStory, createSandboxTime, type SandboxStory } from './sandbox/play.ts';
import { createEvents, type Events } from './store/events.ts';
import { createStates, type States } from './store/states.ts';

export interface OpenNetwork {
  readonly states: States;
  readonly events: Events;
  readonly intake: OpenIngest;
  /** The pack's time. */
  readonly now: () => Date;
  /** Of the sandbox. */
  readonly story?: SandboxStory;
}

/** Longest that the sandbox's own posts may take. */
const MOST_MS = 60_000;

const openSandboxNetwork = (services: PackServices): OpenNetwork => {
  const { objects, log } = services;
  const time = createSandboxTime(services.now);
  const [states, events] = [createStates(objects, log, time.now), createEvents(objects)];
  const intake = openIngest(services, { states, events, now: time.now });
  const story = createSandboxStory({
    ...{ objects, states, events, time },
    receive: (body) => intake.ingest.receive(body, 'alertmanager', AbortSignal.timeout(MOST_MS)),
    apply: async () => {
      await intake.applier.run(AbortSignal.timeout(MOST_MS));
      await soon(services);
    },
  });
  // The first read restores it in any case: the service starts whether or not its objects answer.
  story.restore().catch((err: unknown) => log.warn({ err }, 'the time of the sandbox is not known yet'));
  return { ...afterBegin(states, events, story.ready), intake, story, now: time.now };
};

export const openNetwork = async (services: PackServices): Promise<OpenNetwork> => {
  const { config, objects, log, now } = services;
  if (config.ALERT_NETWORK === 'sandbox') return openSandboxNetwork(services);
  const [states, events] = [createStates(objects, log, now), createEvents(objects)];
  return { states, events, intake: openIngest(services, { states, events, now }), now };
};
