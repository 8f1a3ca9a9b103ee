"""The composition root: settings, URLs and what every app shares at the edge."""
