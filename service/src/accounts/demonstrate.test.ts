import { scopesOfRoles } from '../../../contracts/scopes.ts';
import { assembleInMemory } from '../../test/rigs/whole.ts';
import { demoPeople } from '../auth/people.ts';

const open = async (approval: 'none' | 'changes') => {
  const { access, packs, audit } = await assembleInMemory({
    TOOL_PACKS: 'tagging',
    ACCOUNT_APPROVAL_FOR_TAGGING: approval,
  });
  const stories = packs.each.flatMap(({ pack }) => pack.demonstrates ?? []);
  return { access, audit, play: () => access.demonstrate(stories, demoPeople) };
};
const as = (personId: string) => {
  const person = demoPeople.find((one) => one.personId === personId);
  if (person === undefined) throw new Error(`there is no ${personId}`);
  return { ...person, scopes: scopesOfRoles(person.roles, ['tagging']) };
};

it('a newcomer finds requests to decide, and access that was given in part, ran out and was taken away', async () => {
  const { access, audit, play } = await open('changes');
  await play();
  const reasons = async (who: string) => (await access.toDecide(as(who))).map(({ requester }) => requester.personId);
  expect(await reasons('ben')).toEqual(['ana']);
  expect(await reasons('ada')).toEqual(['ana', 'max']);
  const [, given] = (await access.requestsOf('ana', { limit: 10 })).items;
  expect(given).toMatchObject({
    status: 'APPROVED',
    decidedBy: 'ben@example.com',
    approved: [{ accountName: 'Staging' }],
  });
  expect((await access.held(as('ana'))).map(({ accountName }) => accountName)).toEqual(['Staging']);
  const past = (await access.approvalsOf('max')).map(({ accountName, status }) => [accountName, status]);
  expect(past.toSorted()).toEqual([
    ['Development', 'EXPIRED'],
    ['Staging', 'REVOKED'],
  ]);
  // The records say who did it: the service, in nobody's request.
  const { items } = await audit.query({ userId: 'ben' });
  expect(items).toMatchObject([{ tool: 'decide_access_request', action: 'approve', origin: 'upkeep' }]);
});

it('it is played once, and not where no account needs an approval', async () => {
  const { access, play } = await open('changes');
  await play();
  await play();
  expect((await access.requestsOf('max', { limit: 10 })).items).toHaveLength(3);
  const other = await open('none');
  await other.play();
  expect((await other.access.requestsOf('max', { limit: 10 })).items).toEqual([]);
});
