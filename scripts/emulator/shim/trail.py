"""CloudTrail: moto finds a trail by its ARN for some actions and by its name alone for the others."""

from moto.cloudtrail.models import CloudTrailBackend as Backend
from patch import around


def by_either(action):
    @around(Backend, action)
    def found(original, self, name):
        return original(self, self.get_trail(name).trail_name)


for each in ("start_logging", "stop_logging", "delete_trail"):
    by_either(each)
