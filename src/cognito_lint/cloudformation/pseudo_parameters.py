"""The parameters that CloudFormation itself declares, and what is known of them before a deployment.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

NO_VALUE = "AWS::NoValue"
SHARED_PSEUDO_PARAMETERS = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix")
PSEUDO_PARAMETERS = (*SHARED_PSEUDO_PARAMETERS, "AWS::StackName", "AWS::StackId", "AWS::NotificationARNs")

# What each kind of region decides. Those of closed partitions, which the page does not list, decide nothing.
_OF_REGIONS = {
    r"cn-[a-z]+-[0-9]+": {"AWS::Partition": "aws-cn", "AWS::URLSuffix": "amazonaws.com.cn"},
    r"us-gov-[a-z]+-[0-9]+": {"AWS::Partition": "aws-us-gov", "AWS::URLSuffix": "amazonaws.com"},
    r"[a-z]{2}-(?:central|(?:north|south)?(?:east|west)?)-[0-9]+": {
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
    },
}


def given(name: str, parameters: Mapping[str, str | None]) -> str | None:
    """The value of a pseudo parameter that the user gives, or that the region that they give decides."""
    said = parameters.get(name)
    region = parameters.get("AWS::Region")
    if said is not None or region is None:
        return said
    decided = (values for pattern, values in _OF_REGIONS.items() if re.fullmatch(pattern, region))
    return next(decided, {}).get(name)
