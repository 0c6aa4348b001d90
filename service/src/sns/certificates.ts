/** Certificates of SNS, each fetched once from the region it is of. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { CountersignError } from '../errors.ts';
import type { Upstream, UpstreamEngine } from '../ports/upstream.ts';
import { unlessAborted } from '../unless-aborted.ts';

/** A region has one for about a year. More are kept only while one follows another. */
const mostKept = 32;
const mostBytes = 16_384;
/** Senders wait 15 seconds. */
const fetchMs = 8_000;
/** Whom SNS has them issued to: sns.amazonaws.com, and with the region in newer regions. */
const commonName = /^CN=sns[\w.-]*\.amazonaws\.com(\.cn)?$/m;

export interface SnsKey {
  readonly key: KeyObject;
  readonly validFrom: Date;
  readonly validTo: Date;
}

export interface Certificates {
  /** @throws untrusted_source where that is no certificate of SNS; upstream_error or timeout where it cannot be fetched */
  keyAt(host: string, path: string, signal: AbortSignal): Promise<SnsKey>;
}

const untrusted = (): CountersignError =>
  new CountersignError('untrusted_source', 'SigningCertURL: leads to no certificate of SNS.');

const keyIn = (pem: string): SnsKey => {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    throw untrusted();
  }
  const { publicKey, subject, validFromDate, validToDate } = certificate;
  if (publicKey.asymmetricKeyType !== 'rsa' || !commonName.test(subject)) throw untrusted();
  return { key: publicKey, validFrom: validFromDate, validTo: validToDate };
};

/** Redirects are refused, and AWS_ENDPOINT_URL may put an emulator in the place of SNS. */
export const openCertificates = (upstreams: Pick<UpstreamEngine, 'of'>): Certificates => {
  const clients = new Map<string, Upstream>();
  const keys = new Map<string, Promise<SnsKey>>();
  const clientOf = (host: string): Upstream => {
    const known = clients.get(host);
    if (known) return known;
    const owner = { name: 'core', egress: [host], variables: ['AWS_ENDPOINT_URL'] };
    const base = { variable: 'AWS_ENDPOINT_URL', otherwise: `https://${host}` };
    const client = upstreams.of(owner).open({ name: host, base, mostBytes, timeouts: { call: fetchMs } });
    clients.set(host, client);
    return client;
  };
  const fetched = async (host: string, path: string): Promise<SnsKey> => {
    // Not the signal of one message: others wait for the same certificate.
    const answer = await clientOf(host).call({ method: 'GET', path, signal: AbortSignal.timeout(fetchMs) });
    if (!answer.ok) throw untrusted();
    return keyIn(answer.text);
  };
  return {
    keyAt: async (host, path, signal) => {
      const name = host + path;
      let key = keys.get(name);
      if (key === undefined) {
        key = fetched(host, path);
        keys.set(name, key);
        key.catch(() => keys.delete(name));
        const [oldest] = keys.keys();
        if (keys.size > mostKept && oldest !== undefined) keys.delete(oldest);
      }
      return unlessAborted(
        key,
        signal,
        () => new CountersignError('timeout', 'Fetching a certificate of SNS took too long.'),
      );
    },
  };
};
