/** Makes a call in the name of the person whose credential it names. What the credential holds stays between here and the wire. */
import { authorizationOf, credentialRefused } from '../credentials/reveal.ts';
import type { UpstreamCredential } from '../ports/credentials.ts';
import type { Upstream, UpstreamAnswer, UpstreamCall } from '../ports/upstream.ts';

const UNAUTHORIZED = 401;

/** @returns the answer, with the header that was sent */
const callAs = async (
  call: (call: UpstreamCall) => Promise<UpstreamAnswer>,
  credential: UpstreamCredential,
  about: UpstreamCall,
) => {
  const authorization = await authorizationOf(credential);
  const { secrets } = about;
  const headers = { ...secrets?.headers, authorization };
  return { authorization, answer: await call({ ...about, secrets: { ...secrets, headers } }) };
};

/** A refused token is forgotten. With a new one the call is made once more: what is refused with 401 has changed nothing. */
export const withCredential = ({ call }: Upstream): Upstream => ({
  call: async ({ credential, ...about }) => {
    if (credential === undefined) return call(about);
    const first = await callAs(call, credential, about);
    if (first.answer.status !== UNAUTHORIZED) return first.answer;
    await credentialRefused(credential, first.authorization);
    const second = await callAs(call, credential, about);
    if (second.answer.status === UNAUTHORIZED) await credentialRefused(credential, second.authorization);
    return second.answer;
  },
});
