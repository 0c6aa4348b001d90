"""
A moto server with what Terraform needs besides: `python3 scripts/emulator/shim -H 127.0.0.1 -p <port>`.

moto answers the AWS APIs from memory. Where it drops what a later read must tell, Terraform sees a change that is
none, or waits for ever; each file here mends one service, and nothing else.
"""

import alarms  # noqa: F401
import api_gateway  # noqa: F401
import autoscaling  # noqa: F401
import backup  # noqa: F401
import balancing  # noqa: F401
import budgets  # noqa: F401
import cloudfront  # noqa: F401
import cognito  # noqa: F401
import costs  # noqa: F401
import discovery  # noqa: F401
import dynamodb  # noqa: F401
import ec2  # noqa: F401
import ecs  # noqa: F401
import elasticache  # noqa: F401
import functions  # noqa: F401
import given  # noqa: F401
import instances  # noqa: F401
import metrics  # noqa: F401
import rds  # noqa: F401
import records  # noqa: F401
import refreshes  # noqa: F401
import resets  # noqa: F401
import s3  # noqa: F401
import ses  # noqa: F401
import sqs  # noqa: F401
import trail  # noqa: F401
import waf  # noqa: F401
from moto.server import main

if __name__ == "__main__":
    main()
