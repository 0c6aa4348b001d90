import { contentSecurityPolicy, formTarget } from './page-headers.ts';

describe('formTarget', () => {
  it.each([
    ['https://claude.ai/api/mcp/auth_callback?x=1', 'https://claude.ai'],
    ['http://127.0.0.1:3111/callback', 'http://127.0.0.1:3111'],
    ['http://[::1]:3111/callback', 'http:'],
    ['cursor://anysphere.cursor-retrieval/oauth', 'cursor:'],
    ['https://bücher.example/cb', 'https://xn--bcher-kva.example'],
  ])('names where %s leads', (uri, source) => {
    expect(formTarget(uri)).toBe(source);
  });

  it.each(['https://a.example; script-src *', 'https://a.example, default-src *', 'not a url'])(
    'lets %s add nothing to the policy',
    (uri) => {
      const named = () => contentSecurityPolicy({ formTargets: [formTarget(uri)] });
      expect(named).toThrow('Invalid URL');
    },
  );

  it('is the only thing a page adds', () => {
    expect(contentSecurityPolicy({ formTargets: ['https://claude.ai'] })).toContain(
      "form-action 'self' https://claude.ai; base-uri 'none'",
    );
  });
});
