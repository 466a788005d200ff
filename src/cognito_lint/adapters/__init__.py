"""Doors beside the command: what the cfn-lint rules and the Checkov checks share. No policy, only mapping."""
