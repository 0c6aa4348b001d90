"""
API Gateway v2: a domain name is ready at once, and has the host and zone that a DNS record points to; authorizers can be
listed.
"""

import json
from zlib import crc32

from moto.apigatewayv2.models import DomainName
from moto.apigatewayv2.responses import ApiGatewayV2Response
from patch import action, around


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


@action(ApiGatewayV2Response)
def get_authorizers(self):
    api = self.apigatewayv2_backend.get_api(self.path.split("/")[-2])
    return 200, {}, json.dumps({"items": [authorizer.to_json() for authorizer in api.authorizers.values()]})
