/** Tells operators that a weekend did not begin or end. The alarms that would do so were removed with the load balancer. */
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import type { ClientOf } from '../clients.ts';

// SNS takes 100 characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
const SUBJECT_CHARACTERS = 100;

/** Topic whose recipients operate the environment. */
export const opsTopicArn = ({ region, settings, names }: Deployment): string =>
  `arn:aws:sns:${region}:${settings.account_id}:${names.with('ops')}`;

/** Answers why nobody was told; undefined where SNS took the message. */
export const tellOperators = async (
  client: ClientOf,
  deployment: Deployment,
  subject: string,
  message: string,
): Promise<string | undefined> => {
  const command = new PublishCommand({
    TopicArn: opsTopicArn(deployment),
    Subject: subject.slice(0, SUBJECT_CHARACTERS),
    Message: message,
  });
  return client(SNSClient, deployment.region)
    .send(command)
    .then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
};
