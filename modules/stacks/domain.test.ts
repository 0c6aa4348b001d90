import { primaryDeploymentOf, synthesized } from '../testing/synthesized.ts';
import type { Deployment } from './deployment.ts';
import { DomainLayer } from './domain.ts';
import type { DomainOutputs } from './outputs.ts';

const made = (deployment: Deployment) => {
  let outputs: DomainOutputs = {};
  const resources = synthesized((stack) => {
    outputs = new DomainLayer(stack, 'domain', { deployment }).outputs;
  });
  return { ...resources, outputs };
};
const certificates = (deployment: Deployment) => Object.values(made(deployment).all('aws_acm_certificate'));
const inEurope = (deployment: Deployment): Deployment => ({ ...deployment, region: 'eu-west-1' });

describe('the domain layer', () => {
  it('makes nothing without a domain name', async () => {
    expect(made(await primaryDeploymentOf('examples/market-data/weekend')).addresses).toEqual([]);
  });

  it('puts all names into one certificate, which the edge shares in its own region', async () => {
    const staging = await primaryDeploymentOf('staging');
    expect(certificates(staging)).toMatchObject([
      {
        domain_name: 'mcp.staging.example.com',
        subject_alternative_names: ['origin-mcp.staging.example.com', 'api-mcp.staging.example.com'],
      },
    ]);
    const { outputs } = made(staging);
    expect(outputs.certificateArn).toBeDefined();
    expect(outputs.edgeCertificateArn).toBe(outputs.certificateArn);
  });

  it('makes the edge a certificate of its own in us-east-1, with the same records', async () => {
    const staging = inEurope(await primaryDeploymentOf('staging'));
    const [edge, own] = [...certificates(staging)].toSorted((a) => (a.provider === undefined ? 1 : -1));
    expect(edge).toMatchObject({ domain_name: 'mcp.staging.example.com', provider: 'aws.us-east-1' });
    expect(own?.provider).toBeUndefined();
    expect(Object.keys(made(staging).all('aws_route53_record'))).toHaveLength(3);
    const { outputs } = made(staging);
    expect(outputs.edgeCertificateArn).not.toBe(outputs.certificateArn);
  });

  it('makes records in the primary region only: elsewhere they would be the same', async () => {
    const second = { ...(await primaryDeploymentOf('examples/market-data/dev')), primary: false };
    expect(made(second).all('aws_route53_record')).toEqual({});
    expect(certificates(second)).toHaveLength(1);
  });

  it('takes a certificate that is given', async () => {
    const certificate_arn = 'arn:aws:acm:us-east-1:111122223333:certificate/given';
    const given = made(await primaryDeploymentOf('examples/tag-governance/prod', { certificate_arn }));
    expect(given.outputs.certificateArn).toBe(certificate_arn);
    expect(given.addresses).toEqual([]);
  });

  it('makes the zone above the name, or the one that is named', async () => {
    const changes = { create_hosted_zone: true, hosted_zone_id: undefined };
    const zoneOf = async (more: object) =>
      made(await primaryDeploymentOf('examples/tag-governance/prod', { ...changes, ...more })).one('aws_route53_zone')
        .name;
    expect(await zoneOf({})).toBe('finops.example.com');
    expect(await zoneOf({ hosted_zone_name: 'example.com' })).toBe('example.com');
  });
});
