import { createCookieJar } from './cookies.ts';

describe('a cookie', () => {
  it('on https is bound to this host, this channel and no script', () => {
    const jar = createCookieJar('https://mcp.example.com');
    expect(jar.write('countersign', 'v', 60)).toBe(
      '__Host-countersign=v; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60',
    );
    expect(jar.read('countersign=planted; __Host-countersign=v', 'countersign')).toBe('v');
    expect(jar.read('countersign=planted', 'countersign')).toBeUndefined();
  });

  it('on plain http, for this computer, is neither Secure nor prefixed', () => {
    const jar = createCookieJar('http://localhost:3000');
    expect(jar.write('countersign', 'v')).toBe('countersign=v; Path=/; HttpOnly; SameSite=Lax');
    expect(jar.remove('countersign')).toContain('Max-Age=0');
  });

  it.each([
    [undefined, undefined],
    ['', undefined],
    ['countersign=', undefined],
    ['xcountersign=v', undefined],
    ['a=b; countersign=v=w; c=d', 'v=w'],
    [' countersign=first; countersign=second', 'first'],
  ])('is read from %j as %j', (header, value) => {
    expect(createCookieJar('http://localhost').read(header, 'countersign')).toBe(value);
  });
});
