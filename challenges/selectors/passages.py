"""Which passages of a piece others handed in before."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import numpy as np

from challenges.models import Fingerprint, Passage, Submission
from challenges.models.entry import Content
from challenges.passages import sample, unpacked

HASHES_PER_QUERY = 500
MOST_FINDS = 20_000  # per query; a passage that thousands share says nothing about one of them
LEAST_SHARED = 3  # of the sample: fewer are no copy
MOST_COMPARED = 50  # pieces that share most are compared passage by passage


def earlier_passages(*, submission: Submission, hashes: Sequence[int]) -> list[tuple[UUID, int]]:
    """Return `(submission, hash)` for each passage in what others handed in to the round before.

    A sample of the passages finds the pieces; those that share most are compared in full. Reads
    the index of passages alone and weighs the finds afterwards, so that the database never has to
    plan a join whose size it cannot guess.
    """
    shared = _shared_samples(submission, sample(hashes))
    earlier = _earlier(submission, set(shared))
    nearest = sorted(earlier, key=lambda other: (-shared[other], other))[:MOST_COMPARED]
    own = np.array(hashes, dtype=np.int64)
    prints = Fingerprint.objects.in_bulk(nearest)
    return [
        (other, int(passage))
        for other in nearest
        if other in prints
        for passage in np.intersect1d(own, unpacked(prints[other].hashes))
    ]


def later_lookalikes(*, submission: Submission, hashes: Sequence[int]) -> list[Submission]:
    """Return the scored pieces, handed in later by others, that share a few passages with this."""
    shared = _shared_samples(submission, sample(hashes))
    alike = [other for other, count in shared.items() if count >= LEAST_SHARED]
    later = Submission.objects.filter(
        pk__in=alike,
        content=Content.ACCEPTED,
        submitted_at__gt=submission.submitted_at,
        features__isnull=False,
    ).exclude(entry=submission.entry_id)
    return list(later.select_related("entry__participant").order_by("pk")[:MOST_COMPARED])


def _shared_samples(submission: Submission, hashes: Sequence[int]) -> Counter[UUID]:
    """Return how many of some passages each other piece of the round holds."""
    found: Counter[UUID] = Counter()
    for start in range(0, len(hashes), HASHES_PER_QUERY):
        same = Passage.objects.filter(
            round=submission.round_id, hash__in=hashes[start : start + HASHES_PER_QUERY]
        ).exclude(submission=submission.pk)
        found.update(same.order_by("pk").values_list("submission_id", flat=True)[:MOST_FINDS])
    return found


def _earlier(submission: Submission, others: set[UUID]) -> set[UUID]:
    found = Submission.objects.filter(
        pk__in=others,
        content=Content.ACCEPTED,
        submitted_at__lt=submission.submitted_at,
    )
    return set(found.exclude(entry=submission.entry_id).values_list("pk", flat=True))
