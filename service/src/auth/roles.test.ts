import { mayOf, rolesOf, rolesOfClaims } from './roles.ts';

const of = (groups: unknown) =>
  rolesOfClaims(
    { groups },
    { ROLES_CLAIM: 'groups', ROLE_MAP: { finops: ['analyst'], leads: ['approver', 'viewer'] } },
  );

describe('rolesOfClaims', () => {
  it('maps groups, listed or in one string, to roles in the contract’s order', () => {
    expect(of(['leads', 'finops', 'leads'])).toEqual(['viewer', 'analyst', 'approver']);
    expect(of('finops,leads')).toEqual(['viewer', 'analyst', 'approver']);
    expect(of('finops')).toEqual(['analyst']);
  });

  it.each([undefined, null, 7, {}, [], ['everyone'], ['admin'], ['constructor', '__proto__'], [['finops']]])(
    'gives no role for %j: a group is not a role by its name',
    (groups) => {
      expect(of(groups)).toEqual([]);
    },
  );
});

describe('mayOf', () => {
  it('says once what roles have in common', () => {
    expect(mayOf(['viewer'])).toBe('Reads reports');
    expect(mayOf(['approver'])).toBe('Reads reports and countersigns changes');
    expect(mayOf(['analyst', 'approver'])).toBe('Reads reports, asks for changes and countersigns changes');
  });
});

describe('rolesOf', () => {
  it('keeps known roles only', () => {
    expect(rolesOf(['admin', 'king', 3])).toEqual(['admin']);
  });
});
