"""Findings that a repository with a past already had: a file knows them, so that only new ones fail."""
