"""
EC2: moto knows the description of a security group rule only where its source is a CIDR, and looks for the ICMP type
of a network ACL entry under a name that clients do not send.
"""

from moto.ec2.models.security_groups import SecurityGroupBackend as Backend
from moto.ec2.models.security_groups import SecurityGroupRule as Rule
from moto.ec2.responses.network_acls import NetworkACLs
from patch import around


@around(Rule, "__init__")
def keep_description(original, self, *args, **named):
    original(self, *args, **named)
    # source_group and prefix_list_id are the 7th and 8th argument of the caller.
    for source in args[6:8]:
        if source and source.get("Description"):
            self.told = source["Description"]


Rule.description = property(lambda rule: getattr(rule, "told", None) or rule.ip_range.get("Description"))


@around(Backend, "modify_security_group_rules")
def modify(original, self, group_id, rules):
    original(self, group_id, rules)
    group = self.get_security_group_by_name_or_id(group_id)
    for rule_id, new in rules.items():
        rule = group.get_rule(rule_id)
        if new.get("ReferencedGroupId") or new.get("PrefixListId"):
            rule.told = new.get("Description")


@around(NetworkACLs, "_get_param")
def icmp_type(original, self, name, if_none=None):
    return original(self, name.replace("Icmp.", "IcmpTypeCode.") if name.startswith("Icmp.") else name, if_none)
