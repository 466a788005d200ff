"""Checkov loads the files of a folder only if it holds this one."""
