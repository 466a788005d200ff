"""cognito-lint: is every Cognito user pool sure to be deployed with threat protection ENFORCED?"""

__version__ = "0.1.0"
