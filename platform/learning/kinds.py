"""The kinds of job that lessons ask for."""

ATTENTION = "attention"
