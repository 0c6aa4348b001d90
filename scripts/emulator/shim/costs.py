"""
Cost Explorer: moto answers what /moto-api/static/ce/cost-and-usage-results was told, whatever is asked, and knows no
forecast. Here a question that AWS refuses is refused, and the forecast is the mean day of what was answered so far.
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostForecast.html
"""

import json
from datetime import date, timedelta
from decimal import Decimal

from moto.ce.responses import CostExplorerResponse as Responses
from moto.core.exceptions import JsonRESTError
from patch import action, around


def _period(body):
    period = body["TimePeriod"]
    start, end = date.fromisoformat(period["Start"]), date.fromisoformat(period["End"])
    if start >= end:
        raise JsonRESTError("ValidationException", "Start date (and hour) should be before end date (and hour)")
    return start, end


@around(Responses, "get_cost_and_usage")
def usage(original, self):
    body = json.loads(self.body)
    _period(body)
    if len(body.get("GroupBy", [])) > 2:
        raise JsonRESTError("ValidationException", "GroupBy takes at most 2 groups")
    return original(self)


def _mean(backend):
    """Of a day that was asked about; None where nothing was answered."""
    asked, costs = 0, []
    for question, answer in backend.cost_usage_results.items():
        start, end = _period(json.loads(question))
        asked += (end - start).days
        for result in answer["ResultsByTime"]:
            if start <= date.fromisoformat(result["TimePeriod"]["Start"]) < end:
                costs += [Decimal(g["Metrics"]["UnblendedCost"]["Amount"]) for g in result.get("Groups", [])]
    return sum(costs) / asked if costs else None


@action(Responses)
def get_cost_forecast(self):
    body = json.loads(self.body)
    start, end = _period(body)
    if body["Metric"] != "UNBLENDED_COST" or body["Granularity"] not in ("DAILY", "MONTHLY"):
        raise JsonRESTError("ValidationException", "No such metric or granularity")
    mean = _mean(self.ce_backend)
    if mean is None:
        raise JsonRESTError("DataUnavailableException", "Insufficient amount of historical data to create a forecast")
    each = [start + timedelta(days=n) for n in range((end - start).days)]
    return json.dumps(
        {
            "Total": {"Amount": str(mean * len(each)), "Unit": "USD"},
            "ForecastResultsByTime": [
                {"TimePeriod": {"Start": str(d), "End": str(d + timedelta(days=1))}, "MeanValue": str(mean)} for d in each
            ],
        }
    )
