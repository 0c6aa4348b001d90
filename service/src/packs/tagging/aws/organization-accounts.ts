/** The accounts of an organization and their names. Its client is loaded when somebody first asks. */
import { ListAccountsCommand } from '@aws-sdk/client-organizations';
import { organizationsApi } from './apis/organizations.ts';
import { type AwsParts, globalRegion, newShared, pages, placeAt } from './place.ts';

export const accountNamesIn = async (parts: AwsParts, signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
  const { accountId, partition } = await parts.sessions.own();
  const place = await placeAt(parts, accountId, globalRegion(partition), signal, newShared());
  const found = new Map<string, string>();
  const answers = pages(
    (NextToken) =>
      place.send(organizationsApi, (client, options) => client.send(new ListAccountsCommand({ NextToken }), options)),
    (answer) => answer.NextToken,
  );
  for await (const { Accounts = [] } of answers)
    for (const { Id, Name } of Accounts) if (Id !== undefined && Name) found.set(Id, Name);
  return found;
};
