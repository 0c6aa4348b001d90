"""Budgets: moto keeps the subscribers of a notification but does not tell them, and knows no tags and no update."""

import json

from moto.budgets.responses import BudgetsResponse as Responses
from patch import action, around


def _tags(response):
    if not hasattr(response.backend, "budget_tags"):
        response.backend.budget_tags = {}
    return response.backend.budget_tags


@around(Responses, "create_budget")
def create(original, self):
    body = original(self)
    name = self._get_param("Budget")["BudgetName"]
    arn = f"arn:aws:budgets::{self._get_param('AccountId')}:budget/{name}"
    _tags(self)[arn] = list(self._get_param("ResourceTags") or [])
    return body


@action(Responses)
def describe_subscribers_for_notification(self):
    budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
    wanted = self._get_param("Notification")
    found = [n.subscribers for n in budget.notifications if n.details == wanted]
    return json.dumps({"Subscribers": found[0] if found else []})


@action(Responses)
def update_budget(self):
    new = self._get_param("NewBudget")
    self.backend.budgets[self._get_param("AccountId")][new["BudgetName"]].budget.update(new)
    return json.dumps({})


@action(Responses)
def list_tags_for_resource(self):
    return json.dumps({"ResourceTags": _tags(self).get(self._get_param("ResourceARN"), [])})


@action(Responses)
def tag_resource(self):
    arn = self._get_param("ResourceARN")
    new = {tag["Key"]: tag for tag in self._get_param("ResourceTags")}
    old = {tag["Key"]: tag for tag in _tags(self).get(arn, [])}
    _tags(self)[arn] = list({**old, **new}.values())
    return json.dumps({})


@action(Responses)
def untag_resource(self):
    arn = self._get_param("ResourceARN")
    gone = self._get_param("ResourceTagKeys")
    _tags(self)[arn] = [tag for tag in _tags(self).get(arn, []) if tag["Key"] not in gone]
    return json.dumps({})
