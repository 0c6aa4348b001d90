import { localPath } from './return-to.ts';

describe('localPath', () => {
  it.each(['/', '/approvals/op-1', '/step-up?client_id=a&scope=tag%3Awrite', '/interaction/aB_-9'])(
    'keeps %s',
    (path) => {
      expect(localPath(path)).toBe(path);
    },
  );

  it.each([
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\n/evil.example',
    '/\t/evil.example',
    '/ /evil.example',
    ' /approvals',
    'approvals',
    '/..//evil.example',
    '/a/../..//evil.example/',
    'javascript:alert(1)',
    '',
    undefined,
    null,
    42,
    ['/approvals', '//evil.example'],
  ])('leads home in place of %j', (value) => {
    expect(localPath(value)).toBe('/');
  });
});
