import { mayFetchDocument } from './client-documents.ts';

describe('mayFetchDocument', () => {
  it('takes any public name while no host is listed, and then the listed only', () => {
    expect(mayFetchDocument('https://claude.ai/client.json', { CLIENT_METADATA_HOSTS: [] })).toBe(true);
    expect(mayFetchDocument('https://CLAUDE.ai/client.json', { CLIENT_METADATA_HOSTS: ['claude.ai'] })).toBe(true);
    expect(mayFetchDocument('https://evil.claude.ai/x', { CLIENT_METADATA_HOSTS: ['claude.ai'] })).toBe(false);
    expect(mayFetchDocument('https://claude.ai.evil.example/x', { CLIENT_METADATA_HOSTS: ['claude.ai'] })).toBe(false);
  });

  it.each([
    'https://127.0.0.1/x',
    'https://127.1/x',
    'https://0177.0.0.1/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://localhost/x',
    'https://a.localhost/x',
    'https://printer.local/x',
    'https://metadata.google.internal/x',
    'https://intranet/x',
    'https://a.test/x',
    'nonsense',
  ])('takes nothing at %s', (clientId) => {
    expect(mayFetchDocument(clientId, { CLIENT_METADATA_HOSTS: [] })).toBe(false);
  });
});
