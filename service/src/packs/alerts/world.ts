/** What the tools, workers and pages of the pack are made with. */
import type { Logger } from 'pino';
import type { Ephemeral } from '../../ports/ephemeral.ts';
import type { Jobs } from '../../ports/jobs.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Notify } from '../../ports/notify.ts';
import type { Objects } from '../../ports/objects.ts';
import type { OpenIngest } from './ingest/open.ts';
import type { Receivers } from './routing/receivers.ts';
import type { RouteBook } from './routing/routes.ts';
import type { RuleBook } from './rules/rules.ts';
import type { Silences } from './silences/silences.ts';
import type { Events } from './store/events.ts';
import type { States } from './store/states.ts';

/** What happens in the sandbox's network, whose time people move. */
export interface MovableStory {
  /** Moves the pack's time forward, and takes what is posted until then. @throws invalid_input */
  move(minutes: number): Promise<Date>;
}

export interface AlertPack {
  readonly states: States;
  readonly events: Events;
  readonly silences: Silences;
  readonly rules: RuleBook;
  readonly routes: RouteBook;
  readonly receivers: Receivers;
  /** How alerts come in. */
  readonly intake: OpenIngest;
  readonly objects: Objects;
  readonly ephemeral: Ephemeral;
  readonly jobs: Jobs;
  readonly notify: Notify;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** The only clock of the pack. The sandbox moves it. */
  readonly now: () => Date;
  /** Where the pages of this service are. */
  readonly publicUrl: string;
  /** In the sandbox. */
  readonly story?: MovableStory | undefined;
}
