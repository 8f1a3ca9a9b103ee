"""The kinds of job that the Studio asks for."""

GENERATE = "generate"
RENDER = "render"
