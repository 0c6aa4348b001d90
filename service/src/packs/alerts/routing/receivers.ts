/** Who can be told of alerts, and who is told next: what the operator wrote into ALERT_RECEIVERS and ALERT_ESCALATIONS. */
import { AlertReceiver, type EscalationPolicy } from '../../../../../contracts/packs/alerts/telling.ts';
import { digest } from '../../../canonical.ts';

/** Is there always: whoever holds alerts:read, on the channels that each chose. */
export const DEFAULT_RECEIVER = 'default';

export interface Receivers {
  readonly all: readonly AlertReceiver[];
  readonly policies: readonly EscalationPolicy[];
  /** Another one for each other text of the two variables. */
  readonly version: string;
  /** Undefined: nobody is called that. */
  receiver(name: string): AlertReceiver | undefined;
  /** The policy of alerts that reach a receiver. Undefined: nobody else is told. */
  policyOf(receiver: string): EscalationPolicy | undefined;
  policy(name: string): EscalationPolicy | undefined;
}

interface Written {
  readonly ALERT_RECEIVERS?: readonly AlertReceiver[] | undefined;
  readonly ALERT_ESCALATIONS?: readonly EscalationPolicy[] | undefined;
}

const byName = <T extends { readonly name: string }>(all: readonly T[]): ReadonlyMap<string, T> =>
  new Map(all.map((one) => [one.name, one]));

/** @throws Error naming the variable, where one names what the other does not have */
export const openReceivers = ({
  ALERT_RECEIVERS: written = [],
  ALERT_ESCALATIONS: policies = [],
}: Written): Receivers => {
  const named = byName(written);
  const all = named.has(DEFAULT_RECEIVER) ? written : [AlertReceiver.parse({ name: DEFAULT_RECEIVER }), ...written];
  const [receivers, escalations] = [byName(all), byName(policies)];
  for (const { name, escalation } of all)
    if (escalation !== undefined && !escalations.has(escalation))
      throw new Error(`ALERT_RECEIVERS: the escalation ${escalation} of ${name} is not in ALERT_ESCALATIONS.`);
  for (const { name, steps } of policies)
    for (const target of steps.flatMap(({ targets }) => targets))
      if (!receivers.has(target))
        throw new Error(`ALERT_ESCALATIONS: ${name} tells ${target}, which is not in ALERT_RECEIVERS.`);
  return {
    ...{ all, policies, version: digest([all, policies]) },
    receiver: (name) => receivers.get(name),
    policy: (name) => escalations.get(name),
    policyOf: (name) => escalations.get(receivers.get(name)?.escalation ?? ''),
  };
};
