/** Host names, records, certificates, names inside the network. */
import { cited, items, text } from './limit.ts';

const hostName = {
  max: 255,
  pattern:
    /^(\*\.)?([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)*[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.?$/,
  be: 'labels of 1 to 63 letters, digits and hyphens, with dots between',
};

export const nameLimits = [
  ...cited(
    'Route53/latest/DeveloperGuide/DomainNameFormat.html',
    text(
      'aws_route53_record.name',
      'the name of a record',
      hostName,
      'domain_name',
      'origin_domain_name',
      'api_domain_name',
    ),
    text('aws_route53_zone.name', 'the name of a hosted zone', hostName, 'hosted_zone_name'),
  ),
  ...cited(
    'Route53/latest/APIReference/API_ResourceRecordSet.html',
    text('aws_route53_record.set_identifier', 'what tells records of one name apart', { min: 1, max: 128 }),
  ),
  ...cited(
    'Route53/latest/APIReference/API_HealthCheckConfig.html',
    text('aws_route53_health_check.resource_path', 'the path of a health check', { max: 255 }),
    text('aws_route53_health_check.fqdn', 'the host of a health check', { max: 255 }),
  ),
  ...cited(
    'acm/latest/userguide/acm-limits.html',
    items('aws_acm_certificate.subject_alternative_names', 'further names of a certificate', { max: 9 }),
  ),
  ...cited(
    'acm/latest/APIReference/API_RequestCertificate.html',
    text('aws_acm_certificate.domain_name', 'the first name of a certificate', { min: 1, max: 64 }, 'domain_name'),
    text(
      'aws_acm_certificate.subject_alternative_names',
      'a name of a certificate',
      { max: 253 },
      'origin_domain_name',
      'api_domain_name',
    ),
  ),
  ...cited(
    'cloud-map/latest/api/API_CreatePrivateDnsNamespace.html',
    text(
      'aws_service_discovery_private_dns_namespace.name',
      'the name of a DNS namespace',
      { ...hostName, min: 1, max: 253 },
      'discovery_namespace',
    ),
    text('aws_service_discovery_private_dns_namespace.description', 'the description of a namespace', { max: 1024 }),
  ),
  ...cited(
    'cloud-map/latest/api/API_CreateService.html',
    text(
      'aws_service_discovery_service.name',
      'the name of a service in DNS',
      { ...hostName, min: 1, max: 127 },
      'discovery_service',
    ),
  ),
];
