/** Hands a message to the people whom a receiver names. */

import type { AlertReceiver } from '../../../../../contracts/packs/alerts/telling.ts';
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import type { NoticeChannel, PackNotice } from '../../../ports/notify.ts';
import type { TellPack } from './tell-pack.ts';

export type AlertNotice = Pick<PackNotice, 'key' | 'headline' | 'about' | 'facts' | 'link' | 'urgent'>;

const SCOPE = 'alerts:read';

/** Whoever it does not reach must be found out before it is needed. Once a day is enough. */
const reportStrangers = (
  { notify, now }: TellPack,
  { name }: AlertReceiver,
  strangers: readonly string[],
): Promise<void> =>
  notify.tell({
    key: `unreachable/${name}/${now().toISOString().slice(0, 10)}`,
    headline: 'A receiver of alerts names somebody who cannot be told',
    about: strangers.join(', '),
    facts: [
      { label: 'Receiver', value: name },
      {
        label: 'Why',
        value: 'They are unknown here, or may not read alerts. See ALERT_RECEIVERS and NOTICE_CHANNELS.',
      },
    ],
    link: { label: 'See receivers', path: alerts.routes.routing.path },
    scope: 'admin',
  });

/** By its name, also where it is not written down any more: then it is told as `default` is. */
export const receiverNamed = ({ receivers, log }: TellPack, name: string): AlertReceiver => {
  const found = receivers.receiver(name);
  if (found === undefined) log.error({ receiver: name }, 'a receiver of alerts is not written down: everybody is told');
  return found ?? { name, to: [], send_resolved: true };
};

/** Told once for each key and receiver. A receiver that reaches nobody reaches everybody: an alert must not be lost. */
export const deliver = async (
  pack: TellPack,
  receiver: AlertReceiver,
  { key, ...notice }: AlertNotice,
): Promise<void> => {
  const found = await Promise.all(
    receiver.to.map(async (written) => ({ written, reached: await pack.notify.find(written, SCOPE) })),
  );
  const strangers = found.filter(({ reached }) => reached === undefined).map(({ written }) => written);
  if (strangers.length > 0) await reportStrangers(pack, receiver, strangers);
  const reached = found.flatMap((one) => one.reached ?? []);
  const by = [...new Set<NoticeChannel>(reached.flatMap(({ channels }) => channels))];
  if (by.length === 0 && receiver.to.length > 0)
    pack.log.error({ receiver: receiver.name }, 'a receiver of alerts reaches nobody whom it names: everybody is told');
  await pack.notify.tell({
    ...{ ...notice, key: `${key}/${receiver.name}`, scope: SCOPE },
    ...(by.length > 0 && { to: { recipients: reached.map(({ recipient }) => recipient), by } }),
  });
};
