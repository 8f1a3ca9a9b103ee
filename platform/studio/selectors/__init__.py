"""Questions about compositions, generations and techniques."""
