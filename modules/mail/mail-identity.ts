/** A domain that mail is sent from: signed with DKIM, with a bounce domain of its own, over TLS only. */
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js';
import { Sesv2ConfigurationSet } from '@cdktf/provider-aws/lib/sesv2-configuration-set/index.js';
import { Sesv2EmailIdentity } from '@cdktf/provider-aws/lib/sesv2-email-identity/index.js';
import { Sesv2EmailIdentityMailFromAttributes } from '@cdktf/provider-aws/lib/sesv2-email-identity-mail-from-attributes/index.js';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';

export interface MailIdentityProps {
  readonly domain: string;
  readonly region: string;
  /** Zone that holds the domain. Without it its owner sets the records. */
  readonly zoneId?: string | undefined;
  /** Label of the bounce domain; its records differ by region. Default: bounce. */
  readonly bounceLabel?: string;
  /** Name of the configuration set that asks for TLS. Only an emulator does without one. */
  readonly configurationSet?: string | undefined;
}

// SES makes three tokens for a domain.
const dkimTokens = [0, 1, 2] as const;
const ttl = 1800;

export class MailIdentity extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: MailIdentityProps) {
    super(scope, id);
    const { domain, zoneId, bounceLabel = 'bounce', configurationSet } = props;
    const set = configurationSet === undefined ? undefined : this.#addConfiguration(configurationSet);
    const identity = new Sesv2EmailIdentity(this, 'identity', {
      emailIdentity: domain,
      dkimSigningAttributes: { nextSigningKeyLength: 'RSA_2048_BIT' },
      ...(set && { configurationSetName: set.configurationSetName }),
    });
    const bounces = `${bounceLabel}.${domain}`;
    new Sesv2EmailIdentityMailFromAttributes(this, 'mail-from', {
      emailIdentity: identity.emailIdentity,
      mailFromDomain: bounces,
      // Until its records are seen, mail goes out with SES's own bounce domain instead of not at all.
      behaviorOnMxFailure: 'USE_DEFAULT_VALUE',
    });
    if (zoneId !== undefined) this.#addRecords(props, zoneId, identity.dkimSigningAttributes.tokens, bounces);
    this.arn = identity.arn;
  }

  #addConfiguration(name: string): Sesv2ConfigurationSet {
    return new Sesv2ConfigurationSet(this, 'configuration', {
      configurationSetName: name,
      deliveryOptions: { tlsPolicy: 'REQUIRE' },
      reputationOptions: { reputationMetricsEnabled: true },
      suppressionOptions: { suppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
  }

  #addRecords({ domain, region }: MailIdentityProps, zoneId: string, tokens: string[], bounces: string): void {
    for (const index of dkimTokens) {
      const token: string = Fn.element(tokens, index);
      new Route53Record(this, `dkim-${index + 1}`, {
        zoneId,
        name: `${token}._domainkey.${domain}`,
        type: 'CNAME',
        ttl,
        records: [`${token}.dkim.amazonses.com`],
      });
    }
    new Route53Record(this, 'bounce-mx', {
      zoneId,
      name: bounces,
      type: 'MX',
      ttl,
      records: [`10 feedback-smtp.${region}.amazonses.com`],
    });
    new Route53Record(this, 'bounce-spf', {
      zoneId,
      name: bounces,
      type: 'TXT',
      ttl,
      records: ['v=spf1 include:amazonses.com -all'],
    });
  }
}
