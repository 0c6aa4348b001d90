"""Lambda: moto does not keep where and how a function logs, nor which alias of it a queue is mapped to."""

from moto.awslambda.models import LambdaBackend, LambdaFunction
from patch import around


@around(LambdaFunction, "__init__")
def keep(original, self, account_id, spec, *args, **kwargs):
    original(self, account_id, spec, *args, **kwargs)
    self.logging = spec.get("LoggingConfig")


@around(LambdaFunction, "update_configuration")
def update(original, self, updates):
    self.logging = updates.get("LoggingConfig") or self.logging
    return original(self, updates)


@around(LambdaFunction, "get_configuration")
def told(original, self, *args, **kwargs):
    group = {"LogFormat": "Text", "LogGroup": self.logs_group_name}
    return {**original(self, *args, **kwargs), "LoggingConfig": self.logging or group}


@around(LambdaBackend, "create_event_source_mapping")
def mapped(original, self, spec):
    mapping = original(self, spec)
    if spec["FunctionName"].startswith("arn:"):
        mapping.function_arn = spec["FunctionName"]
    return mapping
