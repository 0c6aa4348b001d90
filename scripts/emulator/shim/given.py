"""
What an account has before Terraform comes: hosted zones and machine images, whose ids are settings. From EMULATOR_GIVEN:
{"zones": {"Z0123": "example.com"}, "images": ["ami-0123"]}.
"""

import json
import os

from moto.ec2.models.amis import Ami, AmiBackend
from moto.route53.models import FakeZone, Route53Backend
from patch import around


def given():
    return json.loads(os.environ.get("EMULATOR_GIVEN", "{}"))


@around(Route53Backend, "__init__")
def zones(original, self, region_name, account_id):
    original(self, region_name, account_id)
    for zone_id, name in given().get("zones", {}).items():
        servers = self.create_reusable_delegation_set(caller_reference=zone_id)
        # That of a zone has no id of its own.
        servers.id = ""
        self.zones[zone_id] = FakeZone(
            f"{name}.", zone_id, private_zone=False, caller_reference=zone_id, delegation_set=servers
        )


@around(AmiBackend, "_load_amis")
def images(original, self):
    original(self)
    for image_id in given().get("images", []):
        self.amis[image_id] = Ami(self, image_id, owner_id="137112412989", root_device_name="/dev/xvda", root_device_type="ebs")
