from django.urls import path

from challenges.views import (
    desk,
    desk_challenges,
    desk_jobs,
    desk_reviews,
    desk_revisions,
    desk_rounds,
)

urlpatterns = [
    path("", desk.Overview.as_view(), name="desk"),
    path("challenges/new/", desk_challenges.New.as_view(), name="desk-challenge-new"),
    path("challenges/<slug:slug>/", desk_challenges.Change.as_view(), name="desk-challenge"),
    path(
        "challenges/<slug:slug>/rounds/new/",
        desk_challenges.NewRound.as_view(),
        name="desk-round-new",
    ),
    path("rounds/<slug:slug>/", desk_rounds.Health.as_view(), name="desk-round"),
    path(
        "rounds/<slug:slug>/decide/<slug:decision>/",
        desk_rounds.Decide.as_view(),
        name="desk-decide",
    ),
    path("rounds/<slug:slug>/revisions/", desk_revisions.Start.as_view(), name="desk-revisions"),
    path("revisions/<int:pk>/", desk_revisions.Preview.as_view(), name="desk-revision"),
    path("reviews/", desk_reviews.Waiting.as_view(), name="desk-reviews"),
    path("reviews/<uuid:pk>/", desk_reviews.Decide.as_view(), name="desk-review"),
    path("jobs/", desk_jobs.All.as_view(), name="desk-jobs"),
    path("jobs/<uuid:pk>/", desk_jobs.One.as_view(), name="desk-job"),
]
