"""Where music comes from: the reference corpus, held-out pieces and sample melodies."""
