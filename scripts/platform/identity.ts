/** Who is about to act, asked before anything is planned: the wrong account is refused with both numbers. */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Host } from './command.ts';
import { explain } from './failures.ts';
import { during } from './host.ts';
import { OperatorProblem } from './problem.ts';
import type { Workspace } from './workspace.ts';

/** @throws OperatorProblem without credentials, with expired ones, or with those of another account */
export const checkAccount = async (
  host: Host,
  { settings, environment, target }: Pick<Workspace, 'settings' | 'environment' | 'target'>,
): Promise<void> => {
  if (target.kind !== 'aws') return;
  const client = new STSClient({ region: settings.regions[0] ?? '', maxAttempts: 2 });
  const context = {
    stack: environment,
    environment,
    account: settings.account_id,
    stateBucket: settings.state_bucket,
    offers: host.offers,
  };
  const told = await during(host, 'Asking AWS who is signed in', () => client.send(new GetCallerIdentityCommand({})))
    .catch((error: unknown) => {
      const text = error instanceof Error ? `${error.name} ${error.message}` : String(error);
      throw new OperatorProblem(explain(text, context) ?? `AWS does not say who is asking: ${text}`);
    })
    .finally(() => client.destroy());
  if (told.Account === settings.account_id) {
    host.err(`Account ${told.Account}, as ${told.Arn}`);
    return;
  }
  throw new OperatorProblem(
    explain(`AWS account ID not allowed: ${told.Account}`, context) ?? 'The account is another.',
  );
};
