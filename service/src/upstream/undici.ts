/**
 * undici, loaded after Node's own fetch. Where it comes first it puts its dispatcher under that fetch (lib/global.js), which
 * then carries sign-in, keys and traces.
 */
// A call, because a bundler drops a name that is merely mentioned. Node loads its fetch with it.
Reflect.get(globalThis, 'Response');
export const { Agent, buildConnector, interceptors, request } = await import('undici');
