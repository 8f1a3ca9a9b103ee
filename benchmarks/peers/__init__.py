"""The networks of AWS's studio, built anew at their published sizes with random weights.

Enough to compare sizes and speed; their weights were never published. Layer by layer they follow
the printed summaries of the sample notebooks, and their counts of numbers are tested.
"""
