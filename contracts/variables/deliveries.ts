/** What carries jobs, notices and files. */
import { NoticeChannels } from '../notices.ts';
import { choice, json, text, url, type VariableContract, variable } from '../variable.ts';

export const deliveryVariables = {
  JOBS_QUEUE_URL: url({
    description:
      'Queue of SQS that carries the ids of jobs between tasks, and a tick each minute. Without it tasks look into the tables every two seconds.',
    example: 'https://sqs.us-east-1.amazonaws.com/111122223333/countersign-prod-jobs',
  }),
  MAIL_FROM: text({
    description: 'Sender of mails by SES. Without it people are told nothing by mail.',
    example: 'no-reply@example.com',
  }),
  MAIL_CONFIGURATION_SET: text({
    description: 'Configuration set of SES that mails are sent through.',
    example: 'countersign-prod-mail',
  }),
  USUAL_NOTICES: choice({
    description:
      'What people are told who chose nothing on /notices. fewer: admins get a summary a day. every-change: admins are told of each applied change besides, and whoever may countersign gets a summary each hour.',
    values: ['fewer', 'every-change'],
    default: 'fewer',
  }),
  NOTICE_CHANNELS: variable(
    json(
      NoticeChannels,
      'must be JSON such as {"channels":[{"name":"leads","topics":["waiting"],"reads":["admin"],"slack":"https://..."}]}',
    ).default({
      channels: [],
    }),
    {
      description:
        'JSON with the channels that several people read (Slack, Teams, signed webhooks), what each is told and the scopes its readers have, and the token of a Slack app for direct messages. Its URLs are keys. Without it only people are told.',
      example:
        '{"channels":[{"name":"leads","topics":["waiting","summary"],"reads":["orders:read"],"slack":"https://hooks.slack.com/services/..."}]}',
    },
    true,
  ),
  OBJECTS_BUCKET: text({
    description: 'Bucket in which packs keep objects, each below packs/<pack>/. Without it they keep them in DATA_DIR.',
    example: 'countersign-prod-111122223333-data',
  }),
} as const satisfies Record<string, VariableContract>;
