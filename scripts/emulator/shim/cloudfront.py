"""CloudFront: moto gives what has a cache policy forwarded values too, and a certificate of its own beside the given one."""

from moto.cloudfront.models import DefaultCacheBehaviour, ViewerCertificate
from patch import around


@around(DefaultCacheBehaviour, "__init__")
def behaviour(original, self, config):
    original(self, config)
    if self.cache_policy_id:
        self.forwarded_values = None


@around(ViewerCertificate, "__init__")
def certificate(original, self, config):
    original(self, config)
    if self.acm_certificate_arn or self.iam_certificate_id:
        self.cloud_front_default_certificate = False
