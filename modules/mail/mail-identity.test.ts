import { synthesized } from '../testing/synthesized.ts';
import { MailIdentity, type MailIdentityProps } from './mail-identity.ts';

const build = (changes: Partial<MailIdentityProps> = {}) =>
  synthesized(
    (stack) =>
      new MailIdentity(stack, 'mail', {
        domain: 'marketing.example.com',
        region: 'us-east-1',
        zoneId: 'ZMARKETING',
        configurationSet: 'marketing-mcp-mail',
        ...changes,
      }),
  );

describe('the mail identity', () => {
  it('signs with DKIM, and sends through a configuration set that asks for TLS', () => {
    expect(build().one('aws_sesv2_email_identity')).toMatchObject({
      email_identity: 'marketing.example.com',
      dkim_signing_attributes: { next_signing_key_length: 'RSA_2048_BIT' },
    });
    expect(build().one('aws_sesv2_configuration_set')).toMatchObject({
      configuration_set_name: 'marketing-mcp-mail',
      delivery_options: { tls_policy: 'REQUIRE' },
    });
    expect(build().one('aws_sesv2_email_identity_mail_from_attributes')).toMatchObject({
      mail_from_domain: 'bounce.marketing.example.com',
      behavior_on_mx_failure: 'USE_DEFAULT_VALUE',
    });
  });

  it('has its three signing records, and those of its bounce domain, in the zone', () => {
    const records = Object.values(
      build({ bounceLabel: 'bounce-eu-west-1', region: 'eu-west-1' }).all('aws_route53_record'),
    );
    expect(records.map(({ type }) => type).toSorted()).toEqual(['CNAME', 'CNAME', 'CNAME', 'MX', 'TXT']);
    const mx = records.find(({ type }) => type === 'MX');
    expect(mx).toMatchObject({
      zone_id: 'ZMARKETING',
      name: 'bounce-eu-west-1.marketing.example.com',
      records: ['10 feedback-smtp.eu-west-1.amazonses.com'],
    });
    const names = records.filter(({ type }) => type === 'CNAME').map(({ name }) => name);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/\._domainkey\.marketing\.example\.com$/);
  });

  it('makes no record in a zone that is not ours', () => {
    expect(build({ zoneId: undefined }).all('aws_route53_record')).toEqual({});
    expect(build({ configurationSet: undefined }).all('aws_sesv2_configuration_set')).toEqual({});
  });
});
