"""Terraform and OpenTofu: files → syntax tree → evaluated modules → user pools."""
