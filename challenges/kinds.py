"""The kinds of job that challenges ask for."""

SCORE = "score"
RESCORE = "rescore"
ESTIMATE = "estimate"
