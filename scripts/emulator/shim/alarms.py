"""
CloudWatch: moto keeps an alarm's state and does nothing about it. Here a state that changes publishes to the topics of
the alarm, and the history says so, as on AWS.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
"""

import json

from moto.cloudwatch.models import Alarm
from moto.cloudwatch.responses import CloudWatchResponse as Responses
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.sns.models import sns_backends
from patch import action, around


def _publish(arn, message):
    _, partition, _, region, account, _ = arn.split(":", 5)
    sns_backends[account][region].publish(message, arn=arn, subject="alarm")


@around(Alarm, "update_state")
def told(original, self, reason, reason_data, state_value):
    before = self.state_value
    original(self, reason, reason_data, state_value)
    if state_value == before or not self.actions_enabled:
        return
    actions = {
        "ALARM": self.alarm_actions,
        "OK": self.ok_actions,
        "INSUFFICIENT_DATA": self.insufficient_data_actions,
    }[state_value]
    message = json.dumps({"AlarmName": self.name, "NewStateValue": state_value, "NewStateReason": reason})
    for arn in actions or []:
        try:
            _publish(arn, message)
            done = True
        except Exception:
            done = False
        taken = self.__dict__.setdefault("taken", [])
        taken.append((utcnow(), arn, done))


@action(Responses)
def describe_alarm_history(self):
    name = self._get_param("AlarmName")
    alarm = self.cloudwatch_backend.alarms.get(name)
    items = [
        {
            "AlarmName": name,
            "AlarmType": "MetricAlarm",
            "Timestamp": at,
            "HistoryItemType": "Action",
            "HistorySummary": f"{'Successfully executed' if done else 'Failed to execute'} action {arn}",
            "HistoryData": json.dumps(
                {"actionState": "Succeeded" if done else "Failed", "notificationResource": arn}
            ),
        }
        for at, arn, done in reversed(getattr(alarm, "taken", []))
    ]
    return ActionResult({"AlarmHistoryItems": items})
