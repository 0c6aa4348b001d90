import { serviceAsPerson } from '../auth/caller.ts';
import { isSamePerson, likenessOf } from './same-human.ts';

const company = 'https://login.example.com';
const other = 'https://accounts.example.net';
const max = { personId: 'sub-1', issuer: company, email: 'max@example.com' };

describe('one human, two subjects', () => {
  it.each([
    ['one subject with another address', { ...max, email: 'other@example.com' }],
    ['one subject at two issuers', { ...max, issuer: other, email: 'other@example.com' }],
    ['another subject with an address that looks the same', { ...max, personId: 'sub-2', email: 'mаx+b@example.com.' }],
    ['the same address at another issuer', { ...max, personId: 'x', issuer: other }],
    ['one subject of before issuers were kept', { personId: 'sub-1', email: '' }],
  ])('%s is the same', (_what, somebody) => {
    expect(likenessOf(max, somebody)).toBe('same');
    expect(likenessOf(somebody, max)).toBe('same');
  });

  it('an owner at two issuers is the same, whatever their address', () => {
    const owned = { ...max, owner: '4711' };
    const elsewhere = { personId: 'x', issuer: other, email: 'm@example.net', owner: '4711' };
    expect(likenessOf(owned, elsewhere)).toBe('same');
    expect(likenessOf(owned, { ...elsewhere, owner: '4712' })).toBe('different');
  });

  it('two owners with one address are the same', () => {
    expect(likenessOf({ ...max, owner: '1' }, { ...max, personId: 'sub-2', owner: '2' })).toBe('same');
  });

  it('the service itself is nobody else, whatever a provider tells of whom', () => {
    const service = { ...serviceAsPerson('tagging') };
    for (const somebody of [max, { ...max, email: '' }, { personId: 'x', email: '' }, { ...max, owner: '4711' }])
      expect([likenessOf(service, somebody), likenessOf(somebody, service)]).toEqual(['different', 'different']);
    expect(likenessOf(service, { ...max, personId: service.personId })).toBe('same');
  });

  it('across issuers nobody is told apart without an owner', () => {
    const ben = { personId: 'x', issuer: other, email: 'ben@example.net' };
    expect(likenessOf(max, ben)).toBe('no-owner');
    expect(likenessOf({ ...max, owner: '4711' }, ben)).toBe('no-owner');
  });

  it('within one issuer two addresses tell two people apart, and nothing else does', () => {
    const ben = { personId: 'sub-2', issuer: company, email: 'ben@example.com' };
    expect(likenessOf(max, ben)).toBe('different');
    expect(likenessOf(max, { ...ben, email: '' })).toBe('no-address');
    expect(likenessOf({ ...max, email: ' ' }, ben)).toBe('no-address');
  });
});

describe('who may confirm', () => {
  it('is the subject of the issuer, or the owner; never who has the same address', () => {
    expect(isSamePerson(max, { ...max, email: 'other@example.com' })).toBe(true);
    expect(isSamePerson(max, { ...max, personId: 'sub-2' })).toBe(false);
    expect(isSamePerson(max, { ...max, issuer: other })).toBe(false);
    const owned = { ...max, owner: '4711' };
    expect(isSamePerson(owned, { personId: 'x', issuer: other, email: '', owner: '4711' })).toBe(true);
  });
});
