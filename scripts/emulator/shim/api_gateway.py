"""API Gateway v2: a domain name is ready at once, and has the host and zone that a DNS record points to."""

from zlib import crc32

from moto.apigatewayv2.models import DomainName
from patch import around


@around(DomainName, "to_json")
def to_json(original, self):
    answer = original(self)
    region = self.domain_name_arn.split(":")[3]
    answer["domainNameConfigurations"] = [
        {
            "domainNameStatus": "AVAILABLE",
            "apiGatewayDomainName": f"d-{crc32(self.domain_name.encode()):010d}.execute-api.{region}.amazonaws.com",
            # The zone of regional API endpoints in us-east-1; any will do.
            "hostedZoneId": "Z1UJRXOUMOOFQ8",
            "ipAddressType": "ipv4",
            **configuration,
        }
        for configuration in self.domain_name_configurations
    ]
    if not self.mutual_tls_authentication:
        answer.pop("mutualTlsAuthentication")
    return answer
