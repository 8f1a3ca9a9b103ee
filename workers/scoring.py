"""Scores pieces: jobs of kinds `score`, `rescore` and `estimate`, made by `challenges`."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from celery.signals import celeryd_after_setup
from django.core.files.storage import default_storage
from django.utils.translation import gettext_noop as _

from challenges.evaluation import Evaluation, evaluate, facts_of, piece_facts, style_of
from challenges.kinds import ESTIMATE, RESCORE, SCORE
from challenges.models import Estimate, ScoringRevision, Submission
from challenges.models.entry import Content
from challenges.selectors.passages import earlier_passages
from challenges.services.estimating import record_estimate
from challenges.services.revisions import record_chunk
from challenges.services.scoring import Findings, record_findings, revisions_to_score
from jobs import clock, kinds
from jobs.models import Job
from ml.metrics import Features, features, features_version, place
from ml.metrics.fingerprint import Fingerprint, fingerprint
from ml.metrics.likelihood import warm_up
from ml.metrics.originality import corpus_matches, judge
from ml.music import Song, read_canonical
from studio.files import song_at
from workers import handlers
from workers.context import Context


@celeryd_after_setup.connect
def load_the_decoder(instance: Any, **_: Any) -> None:
    """Load what scoring needs before the worker forks: its children share the memory."""
    if kinds.get(SCORE).queue in instance.app.amqp.queues.consume_from:
        warm_up()


def score(job: Job, context: Context) -> handlers.Record:
    """Measure a submission's music and compare it with the corpus and the round's other pieces."""
    submission = Submission.objects.select_related("round").get(pk=job.payload["submission"])
    context.report(0.1, _("Reading the notes"))
    song = _song_of(submission)
    measured = features(song)
    context.report(0.6, _("Looking for borrowed passages"))
    prints = fingerprint(song)
    found = judge(prints, _matches(submission, prints)).as_dict()
    context.report(0.9, _("Writing the score down"))

    def record() -> dict[str, Any]:
        # Evaluated here because a revision may have begun since; it costs next to nothing.
        evaluations = {
            revision.pk: evaluate(
                round_=submission.round,
                revision=revision,
                piece=facts_of(submission),
                music=place(measured, style=style_of(revision)),
                originality=found,
            )
            for revision in revisions_to_score(submission.round_id)
        }
        record_findings(
            submission_id=submission.pk,
            findings=Findings(
                features=measured.values,
                features_version=measured.version,
                passages=prints.stored_hashes(),
                originality=found,
                evaluations=evaluations,
            ),
            now=clock.database_now(),
        )
        return {"tenths": {str(pk): e.tenths for pk, e in evaluations.items()}}

    return record


def _song_of(submission: Submission) -> Song:
    with default_storage.open(submission.midi_key) as file:
        return read_canonical(file.read())


def _matches(submission: Submission, prints: Fingerprint) -> Mapping[int, Sequence[str]]:
    """Return which passages the corpus holds, or what others handed in to the round before."""
    matches = {passage: list(keys) for passage, keys in corpus_matches(prints).items()}
    for other, passage in earlier_passages(submission=submission, hashes=prints.hashes()):
        matches.setdefault(passage, []).append(f"submission:{other}")
    return matches


def rescore(job: Job, context: Context) -> handlers.Record:
    """Score some entries under another revision, from the raw values stored with their pieces."""
    revision = ScoringRevision.objects.select_related("round").get(pk=job.payload["revision"])
    entries = [UUID(pk) for pk in job.payload["entries"]]
    submissions = list(
        Submission.objects.filter(
            entry__in=entries, content=Content.ACCEPTED, features__isnull=False
        )
    )
    evaluations = _evaluations(revision, submissions)
    context.report(0.8, _("Writing the scores down"))

    def record() -> dict[str, Any]:
        record_chunk(
            revision=revision,
            entry_ids=entries,
            evaluations=evaluations,
            now=clock.database_now(),
        )
        return {"scored": len(evaluations)}

    return record


def _evaluations(
    revision: ScoringRevision, submissions: Sequence[Submission]
) -> Mapping[UUID, Evaluation]:
    style = style_of(revision)
    return {
        submission.pk: evaluate(
            round_=revision.round,
            revision=revision,
            piece=facts_of(submission),
            music=place(_features_of(submission), style=style),
            originality=cast("Mapping[str, Any]", submission.originality),  # stored with features
        )
        for submission in submissions
    }


def _features_of(submission: Submission) -> Features:
    """Return the stored raw values, or measure again if a formula changed since."""
    if submission.features and submission.features_version == features_version():
        return Features(submission.features, submission.features_version)
    return features(_song_of(submission))


def estimate(job: Job, context: Context) -> handlers.Record:
    """Work out what a piece would score in a round, as `score` does, without handing it in.

    Originality is measured against the corpus alone. Compared with what others handed in, it would
    let anybody find out, try by try, what is in pieces that are not public yet.
    """
    wanted = Estimate.objects.select_related("round__live_board__revision").get(
        pk=job.payload["estimate"]
    )
    board = wanted.round.live_board
    assert board is not None  # every round has one from its beginning
    context.report(0.1, _("Reading the notes"))
    song = song_at(wanted.midi_key)
    measured = features(song)
    context.report(0.6, _("Looking for borrowed passages"))
    prints = fingerprint(song)
    found = judge(prints, corpus_matches(prints)).as_dict()
    evaluation = evaluate(
        round_=wanted.round,
        revision=board.revision,
        piece=piece_facts(wanted.seconds, wanted.n_tracks, wanted.lineage),
        music=place(measured, style=style_of(board.revision)),
        originality=found,
    )

    def record() -> dict[str, Any]:
        record_estimate(estimate_id=wanted.pk, evaluation=evaluation, originality=found)
        return {"tenths": evaluation.tenths}

    return record


handlers.register(ESTIMATE, estimate)
handlers.register(SCORE, score)
handlers.register(RESCORE, rescore)
