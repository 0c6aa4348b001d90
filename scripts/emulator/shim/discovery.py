"""Cloud Map: moto makes the hosted zone of a namespace, and leaves it there when the namespace goes."""

from moto.route53 import route53_backends
from moto.servicediscovery.models import ServiceDiscoveryBackend as Backend
from moto.utilities.utils import get_partition
from patch import around


@around(Backend, "delete_namespace")
def delete(original, self, namespace_id):
    properties = self.get_namespace(namespace_id).dns_properties or {}
    operation = original(self, namespace_id)
    zones = route53_backends[self.account_id][get_partition(self.region_name)].zones
    zones.pop(properties.get("HostedZoneId", "").split("/")[-1], None)
    return operation
