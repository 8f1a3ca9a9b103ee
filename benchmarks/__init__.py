"""Measurements, each printing JSON; `make bench` runs them all. No test depends on a time."""
