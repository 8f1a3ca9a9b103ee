from django.urls import path

from challenges.api import (
    boards,
    challenges,
    decisions,
    entries,
    estimates,
    jobs,
    listens,
    reviews,
    revisions,
    rounds,
    sounds,
    submissions,
)

SLUG = "rounds/<slug:slug>/"
SUBMISSION = "submissions/<uuid:pk>/"

urlpatterns = [
    path("rounds/", rounds.RoundCollection.as_view(), name="api-round-collection"),
    path(SLUG, rounds.RoundDetail.as_view(), name="api-round"),
    path(f"{SLUG}leaderboard/", boards.Leaderboard.as_view(), name="api-leaderboard"),
    path(
        f"{SLUG}submissions/",
        submissions.SubmissionCollection.as_view(),
        name="api-submission-collection",
    ),
    path(
        f"{SLUG}estimates/",
        estimates.EstimateCollection.as_view(),
        name="api-estimate-collection",
    ),
    path(f"{SLUG}checks/", estimates.RoundChecks.as_view(), name="api-round-checks"),
    path("estimates/<uuid:pk>/", estimates.EstimateDetail.as_view(), name="api-estimate"),
    path(f"{SLUG}decisions/", decisions.RoundDecisions.as_view(), name="api-round-decisions"),
    path(
        f"{SLUG}revisions/", revisions.RevisionCollection.as_view(), name="api-revision-collection"
    ),
    path(SUBMISSION, submissions.SubmissionDetail.as_view(), name="api-submission"),
    path(f"{SUBMISSION}midi/", submissions.SubmissionMidi.as_view(), name="api-submission-midi"),
    path(f"{SUBMISSION}audio/", sounds.SubmissionAudio.as_view(), name="api-submission-audio"),
    path(f"{SUBMISSION}audio/mp3/", sounds.SubmissionMp3.as_view(), name="api-submission-mp3"),
    path(f"{SUBMISSION}audio/wav/", sounds.SubmissionWav.as_view(), name="api-submission-wav"),
    path(f"{SUBMISSION}appeals/", reviews.SubmissionAppeals.as_view(), name="api-appeals"),
    path(
        f"{SUBMISSION}decisions/",
        reviews.SubmissionDecisions.as_view(),
        name="api-submission-decisions",
    ),
    path("entries/", entries.EntryCollection.as_view(), name="api-entry-collection"),
    path("entries/<uuid:pk>/", entries.EntryDetail.as_view(), name="api-entry"),
    path("entries/<uuid:pk>/listens/", listens.ListenCollection.as_view(), name="api-listens"),
    path("entries/<uuid:pk>/remixes/", entries.EntryRemixes.as_view(), name="api-entry-remixes"),
    path("people/<slug:name>/", entries.PersonDetail.as_view(), name="api-person"),
    path("jobs/<uuid:pk>/", jobs.JobDetail.as_view(), name="api-job"),
    path("jobs/<uuid:pk>/attempts/", jobs.JobAttempts.as_view(), name="api-job-attempts"),
    path("challenges/", challenges.ChallengeCollection.as_view(), name="api-challenge-collection"),
    path("challenges/<slug:slug>/", challenges.ChallengeDetail.as_view(), name="api-challenge"),
    path("revisions/<int:pk>/", revisions.RevisionDetail.as_view(), name="api-revision"),
    path(
        "revisions/<int:pk>/decisions/",
        revisions.RevisionDecisions.as_view(),
        name="api-revision-decisions",
    ),
]
