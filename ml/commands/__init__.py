"""The commands of `python -m ml`: each module adds its own to the parser and runs it.

Heavy imports happen inside the functions, so that every command starts fast.
"""
