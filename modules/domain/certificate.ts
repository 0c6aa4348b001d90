/** A certificate that proves by DNS records that its names are ours, and renews itself while they stand. */
import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate/index.js';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation/index.js';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

export interface CertificateProps {
  /** The first is the certificate's own name, at most 64 characters. */
  readonly names: readonly [string, ...string[]];
  /**
   * Zone to make the records in. Without it they are another certificate's: for one account and name the record is the
   * same in every region, and can be made only once.
   */
  readonly zoneId?: string | undefined;
  /** Records another certificate of this stack makes. */
  readonly validatedBy?: readonly ITerraformDependable[];
  /** Provider of the region to make it in. Default: the stack's. */
  readonly provider?: AwsProvider | undefined;
}

export class Certificate extends Construct {
  /** Known when the certificate is valid. */
  readonly arn: string;
  readonly records: readonly Route53Record[];

  constructor(scope: Construct, id: string, { names, zoneId, validatedBy = [], provider }: CertificateProps) {
    super(scope, id);
    const [domainName, ...others] = names;
    const certificate = new AcmCertificate(this, 'certificate', {
      domainName,
      ...(others.length > 0 && { subjectAlternativeNames: [...others] }),
      validationMethod: 'DNS',
      provider,
    });
    this.records = zoneId === undefined ? [] : names.map((name) => this.#record(certificate, name, zoneId));
    const validation = new AcmCertificateValidation(this, 'validation', {
      certificateArn: certificate.arn,
      ...(this.records.length > 0 && { validationRecordFqdns: this.records.map(({ fqdn }) => fqdn) }),
      provider,
      dependsOn: [...validatedBy],
    });
    this.arn = validation.certificateArn;
  }

  #record(certificate: AcmCertificate, name: string, zoneId: string): Route53Record {
    // The options are a set: found by name, for they have no order that lasts.
    const options = `aws_acm_certificate.${certificate.friendlyUniqueId}.domain_validation_options`;
    const of = (attribute: string) =>
      `\${one([for option in ${options} : option.${attribute} if option.domain_name == "${name}"])}`;
    return new Route53Record(this, name, {
      zoneId,
      name: of('resource_record_name'),
      type: of('resource_record_type'),
      records: [of('resource_record_value')],
      ttl: 300,
      // For one account and name ACM always asks for the same record. Another certificate would otherwise replace it, and
      // Route 53 takes no second one: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
      lifecycle: { ignoreChanges: ['name', 'type', 'records'] },
    });
  }
}
