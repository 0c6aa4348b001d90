"""
WAF: moto tells an empty list of token domains of a web ACL that has none, where AWS tells nothing. Terraform has them as absent
until it reads them back.
https://docs.aws.amazon.com/waf/latest/APIReference/API_WebACL.html
"""

from moto.wafv2.models import FakeWebACL
from patch import around


@around(FakeWebACL, "to_dict")
def told(original, self):
    return {name: value for name, value in original(self).items() if name != "TokenDomains" or value}
