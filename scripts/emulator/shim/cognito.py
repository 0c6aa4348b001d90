"""Cognito: moto does not tell a pool's tier or a domain's version, and cannot delete a resource server."""

from moto.cognitoidp.models import CognitoIdpUserPool, CognitoIdpUserPoolDomain
from moto.cognitoidp.responses import CognitoIdpResponse as Responses
from moto.core.responses import EmptyResult
from patch import action, around


@around(CognitoIdpUserPool, "to_json")
def tier(original, self, extended=False):
    answer = original(self, extended)
    # What AWS gives a new pool.
    return {"UserPoolTier": "ESSENTIALS", **answer} if extended else answer


def _keep_version(response):
    version = response._get_param("ManagedLoginVersion")
    if version is not None:
        response.backend.user_pool_domains[response._get_param("Domain")].version = version


@around(Responses, "create_user_pool_domain")
def create_domain(original, self):
    answer = original(self)
    _keep_version(self)
    return answer


@around(Responses, "update_user_pool_domain")
def update_domain(original, self):
    answer = original(self)
    _keep_version(self)
    return answer


@around(CognitoIdpUserPoolDomain, "to_json")
def domain(original, self, extended=True):
    answer = original(self, extended)
    return {**answer, "ManagedLoginVersion": getattr(self, "version", 1)} if extended else answer


@action(Responses)
def update_resource_server(self):
    pool = self.backend.describe_user_pool(self._get_param("UserPoolId"))
    server = pool.resource_servers[self._get_param("Identifier")]
    server.name = self._get_param("Name")
    server.scopes = self._get_param("Scopes")
    return EmptyResult()


@action(Responses)
def delete_resource_server(self):
    pool = self.backend.describe_user_pool(self._get_param("UserPoolId"))
    pool.resource_servers.pop(self._get_param("Identifier"), None)
    return EmptyResult()
