"""Reporting: one file per format. Formats are given a Report and answer with text; none of them judges."""
