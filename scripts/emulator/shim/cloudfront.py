"""
CloudFront: moto gives what has a cache policy forwarded values too, and a certificate of its own beside the given one; its
list leaves out the comment, by which the commands know a distribution.
"""

from moto.cloudfront.models import DefaultCacheBehaviour, Distribution, ViewerCertificate
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


@around(Distribution, "__init__")
def distribution(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    self.comment = self.distribution_config.Comment
    self.enabled = self.distribution_config.Enabled
