/** A notice as each channel takes it. The sandbox shows exactly what a sender would put on the wire. */
import type { NoticeBodies, NoticeChannel } from '../../ports/notify.ts';
import type { Telling } from '../telling.ts';
import { writtenMail } from './mail.ts';
import { writtenSlack } from './slack.ts';
import { writtenTeams } from './teams.ts';
import { writtenWebhook } from './webhook.ts';

type Writers = { readonly [C in NoticeChannel]: (telling: Telling, settings: string) => NoticeBodies[C] };

/** `settings`: address of the page where people choose what they are told. */
export const written: Writers = {
  mail: writtenMail,
  slack: writtenSlack,
  teams: writtenTeams,
  webhook: writtenWebhook,
};
