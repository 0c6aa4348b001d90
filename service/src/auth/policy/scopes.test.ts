import { packNames } from '../../../../contracts/packs/index.ts';
import { accessTokenSeconds, elevationLeft, isElevated, requestedScopes } from './scopes.ts';

const RESOURCE = 'https://a.example/mcp';
const config = {
  TOOL_PACKS: packNames,
  RESOURCE,
  RESOURCES: [RESOURCE],
  READ_TOKEN_SECONDS: 3600,
  ELEVATED_TOKEN_SECONDS: 900,
};
const now = new Date('2026-11-20T10:00:00Z');

describe('requestedScopes', () => {
  it('keeps this service’s scopes, once each', () => {
    expect(
      requestedScopes('openid tag:read tag:write tag:read offline_access claudeai operations:read', packNames),
    ).toEqual(['tag:read', 'tag:write']);
    expect(requestedScopes(undefined, packNames)).toEqual([]);
    expect(requestedScopes(['admin'], packNames)).toEqual([]);
  });
});

describe('an access token’s life', () => {
  const seconds = accessTokenSeconds(config, () => now);
  it.each([
    ['tag:read', 3600],
    ['', 3600],
    ['tag:read tag:write', 900],
    ['tag:approve', 900],
    ['admin', 900],
  ])('with %j is %d s', (scope, expected) => {
    expect(seconds(undefined, { scope })).toBe(expected);
    expect(isElevated(scope)).toBe(expected === 900);
  });
});

describe('elevationLeft', () => {
  it('counts from the sign-in, and nothing is left of an unknown one', () => {
    const at = now.getTime() / 1000;
    expect(elevationLeft(at - 600, now, config)).toBe(300);
    expect(elevationLeft(at - 901, now, config)).toBeLessThan(0);
    expect(elevationLeft(undefined, now, config)).toBeLessThan(0);
  });
});
