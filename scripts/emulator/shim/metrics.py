"""CloudWatch: moto knows no percentiles, and answers null for one."""

import math
import re

from moto.cloudwatch.models import Statistics
from patch import around


@around(Statistics, "get_statistics_for_type")
def statistic(original, self, stat):
    percentile = re.fullmatch(r"p(\d{1,2}(?:\.\d+)?|100)", stat)
    if percentile is None:
        return original(self, stat)
    values = sorted(self.metric_single_values_list)
    if not values:
        return None
    return values[max(0, math.ceil(len(values) * float(percentile[1]) / 100) - 1)]
