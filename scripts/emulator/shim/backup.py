"""AWS Backup: moto reads the tags of what stands before the last slash of the path, and the SDK ends without one."""

import json
from urllib.parse import unquote

from moto.backup.responses import BackupResponse as Responses
from patch import around


@around(Responses, "list_tags")
def list_tags(original, self):
    arn = unquote(self.path).partition("/tags/")[2].rstrip("/")
    return json.dumps({"Tags": self.backup_backend.list_tags(resource_arn=arn)})
