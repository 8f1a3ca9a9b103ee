"""Real pieces, bad files and made-up people: what the demo and a newcomer's first start show."""
