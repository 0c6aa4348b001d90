"""
Route 53: moto refuses to make a record that was made and deleted before, because it then looks whether the zone has any
record from that name on.
"""

from moto.route53.models import Route53Backend as Backend
from patch import around


@around(Backend, "change_resource_record_sets")
def change(original, self, zoneid, change_list):
    zone = self.get_hosted_zone(zoneid)
    there = {(each.name.strip("."), each.type, each.set_identifier) for each in zone.rrsets}
    for each in change_list:
        asked = each["ResourceRecordSet"]
        key = (asked["Name"].strip("."), asked["Type"], asked.get("SetIdentifier"))
        if each["Action"] == "CREATE" and key not in there:
            each["Action"] = "UPSERT"
    return original(self, zoneid, change_list)
