/** Writes one change to Google Ads that limits and caps are held against: reserved, sent once, read back, settled. */
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import { type Money, ofMicros } from '../../../measures/money.ts';
import type { ChangeOutcome, ResourceChange } from '../../../operations/plan.ts';
import { clean } from '../../../untrusted.ts';
import type { AdsService, MutateOperation } from '../google/ads/ads.ts';
import { budgetsOf, spentBudgets } from '../google/ads/budgets.ts';
import type { Marketing } from '../world.ts';
import { besideOf } from './beside.ts';
import type { LiveBudgets, ReservationEnd, Reserved } from './day.ts';
import { dayOf } from './days.ts';

type World = Pick<Marketing, 'ads' | 'safety'>;

/** What Google has now: the budgets that campaigns spend, and those that were touched on the day. */
export const liveBudgets = async (
  { ads }: Pick<Marketing, 'ads'>,
  owner: { readonly id: string; readonly currency: string },
  touched: readonly string[],
  context: CallContext,
): Promise<LiveBudgets> => {
  const spent = await spentBudgets(ads, owner, context);
  // One that is being made has no id of Google's yet.
  const ids = touched.filter((id) => /^\d+$/.test(id));
  const others = await budgetsOf(ads, owner, ids, context);
  const amounts = new Map<string, Money>(spent);
  for (const [id, { daily }] of others) amounts.set(id, daily ?? ofMicros('0', owner.currency));
  return { amounts, spent: new Set(spent.keys()) };
};

/** What is sent to Google, and how it is told whether it was done. */
export interface Sending {
  readonly service: AdsService;
  readonly operation: MutateOperation;
  /** Whether Google has it as planned; asked where no answer came. */
  readonly isThere: () => Promise<boolean>;
}

interface Sent {
  readonly end: ReservationEnd;
  readonly outcome: ChangeOutcome;
  readonly madeName?: string;
}

/** Google answered, and refused or was busy: nothing was written. */
const isRefusal = ({ code, details }: CountersignError): boolean =>
  code === 'throttled' || details.sent === undefined || details.sent === 'no';

const failed = (resourceId: string, { code, message }: CountersignError): ChangeOutcome => ({
  resourceId,
  outcome: 'failed',
  code,
  message: clean(message, 500),
});

/** Sends it once. After a lost answer or a time-out it is read back, never sent again. */
const send = async (
  { ads }: World,
  { resourceId, accountId }: ResourceChange,
  { service, operation, isThere }: Sending,
  context: CallContext,
): Promise<Sent> => {
  try {
    const [outcome] = await ads.mutate(accountId, service, [operation], {}, context);
    const madeName = outcome?.ok === true ? outcome.resourceName : undefined;
    return { end: 'written', outcome: { resourceId, outcome: 'applied' }, ...(madeName !== undefined && { madeName }) };
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    if (isRefusal(error)) {
      // Its requester connects again, and then it is sent for the first time.
      if (error.code === 'credentials_required') throw error;
      return { end: 'not-written', outcome: failed(resourceId, error) };
    }
    const there = await isThere().catch(() => false);
    return there
      ? { end: 'written', outcome: { resourceId, outcome: 'applied' } }
      : { end: 'unknown', outcome: failed(resourceId, error) };
  }
};

const lastPart = (resourceName: string | undefined): string | undefined => resourceName?.split('/').at(-1);

/** A settlement that fails ends by itself: see ledger.ts. What was written must not go untold because of it. */
const settled = async ({ safety }: World, asked: Reserved, end: ReservationEnd, madeId?: string): Promise<void> => {
  await safety.days
    .settle(asked, end, madeId)
    .catch((error: unknown) => safety.log.warn({ err: error, accountId: asked.accountId }, 'reservation not settled'));
};

/** Which errors of a reservation end the change. Any other leaves it to be gone on with. */
const ends: ReadonlySet<string> = new Set(['safety_limit_exceeded', 'state_changed', 'conflict']);

/** @param asked what limits and caps are held against */
export const writeReserved = async (
  world: World,
  change: ResourceChange,
  asked: Omit<Reserved, 'accountId' | 'day' | 'takesBack' | 'agreement'>,
  sending: Sending,
  context: CallContext,
): Promise<ChangeOutcome> => {
  const { safety } = world;
  const { accountId, resourceId, label } = change;
  const { currency, time_zone, agreement, takes_back } = besideOf(change);
  const day = dayOf(safety.now(), time_zone);
  const reserved = { ...asked, accountId, day, agreement, takesBack: takes_back === true };
  const owner = { id: accountId, currency };
  try {
    await safety.watching({ accountId, day, resource: resourceId, name: label }, context, () =>
      safety.days.reserve(reserved, (touched) => liveBudgets(world, owner, touched, context)),
    );
  } catch (error) {
    if (error instanceof CountersignError && ends.has(error.code)) return failed(resourceId, error);
    throw error;
  }
  try {
    const { end, outcome, madeName } = await send(world, change, sending, context);
    await settled(world, reserved, end, lastPart(madeName));
    return outcome;
  } catch (error) {
    await settled(world, reserved, 'not-written');
    throw error;
  }
};

/** Sends one that no limit is held against. */
export const writeFreely = async (
  world: World,
  change: ResourceChange,
  sending: Sending,
  context: CallContext,
): Promise<ChangeOutcome> => (await send(world, change, sending, context)).outcome;
