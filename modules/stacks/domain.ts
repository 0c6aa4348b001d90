/** The hosted zone, certificates and the mail identity. Records of an endpoint stand beside it, in the backend. */
import { Construct } from 'constructs';
import { Certificate } from '../domain/certificate.ts';
import { HostedZone } from '../domain/hosted-zone.ts';
import { MailIdentity } from '../mail/mail-identity.ts';
import type { Deployment } from './deployment.ts';
import { certificateNames } from './hosts.ts';
import type { DomainOutputs } from './outputs.ts';
import { providerIn } from './provider.ts';

/** Where certificates of distributions live. */
export const edgeRegion = 'us-east-1';

export class DomainLayer extends Construct {
  readonly outputs: DomainOutputs;

  constructor(scope: Construct, id: string, { deployment }: { readonly deployment: Deployment }) {
    super(scope, id);
    const names = certificateNames(deployment);
    const zoneId = names === undefined ? undefined : this.#zone(deployment);
    this.outputs = {
      ...(names && { zoneId, ...this.#certificates(deployment, names, zoneId) }),
      ...this.#mail(deployment, zoneId),
    };
  }

  #mail(
    { settings, names, region, primary, target }: Deployment,
    zoneId: string | undefined,
  ): Pick<DomainOutputs, 'mailIdentityArn'> {
    const { mail_domain: domain, hosted_zone_name: zone } = settings;
    if (domain === undefined) return {};
    const inZone = domain === zone || domain.endsWith(`.${zone}`);
    const identity = new MailIdentity(this, 'mail', {
      domain,
      region,
      zoneId: inZone ? zoneId : undefined,
      bounceLabel: primary ? 'bounce' : `bounce-${region}`,
      configurationSet: target.kind === 'emulator' ? undefined : names.with('mail'),
    });
    return { mailIdentityArn: identity.arn };
  }

  #zone({ settings }: Deployment): string | undefined {
    const { create_hosted_zone, hosted_zone_name, hosted_zone_id } = settings;
    if (!create_hosted_zone || hosted_zone_name === undefined) return hosted_zone_id;
    return new HostedZone(this, 'zone', { name: hosted_zone_name }).zoneId;
  }

  #certificates(
    deployment: Deployment,
    names: readonly [string, ...string[]],
    zoneId: string | undefined,
  ): Pick<DomainOutputs, 'certificateArn' | 'edgeCertificateArn'> {
    const { settings, shape, region, primary } = deployment;
    const own =
      settings.certificate_arn === undefined ? this.#regional(names, primary ? zoneId : undefined) : undefined;
    const certificateArn = own?.arn ?? settings.certificate_arn;
    if (!shape.distribution || !primary) return { certificateArn };
    if (region === edgeRegion) return { certificateArn, edgeCertificateArn: certificateArn };
    const edge = new Certificate(this, 'edge-certificate', {
      names: [names[0]],
      ...(own === undefined ? { zoneId } : { validatedBy: own.records }),
      provider: providerIn(this, deployment, edgeRegion),
    });
    return { certificateArn, edgeCertificateArn: edge.arn };
  }

  /** The records are the same in every region, so the primary one makes them; it is applied first. */
  #regional(names: readonly [string, ...string[]], zoneId: string | undefined): Certificate {
    return new Certificate(this, 'certificate', { names, zoneId });
  }
}
