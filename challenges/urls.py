from django.urls import path

from challenges.api.listens import PageListens
from challenges.views import entries, people, rounds, site, sounds, submissions

urlpatterns = [
    path("", site.home, name="home"),
    path("rounds/", rounds.round_list, name="round-list"),
    path("rounds/<slug:slug>/", rounds.round_page, name="round"),
    path("rounds/<slug:slug>/leaderboard/", rounds.leaderboard, name="leaderboard"),
    path("rounds/<slug:slug>/leaderboard.csv", rounds.leaderboard_csv, name="leaderboard-csv"),
    path("rounds/<slug:slug>/submit/", submissions.Submit.as_view(), name="submit"),
    path("entries/<uuid:pk>/", entries.entry_page, name="entry"),
    path("entries/<uuid:pk>/midi/", entries.entry_midi, name="entry-midi"),
    path("entries/<uuid:pk>/audio.mp3", sounds.entry_audio, name="entry-audio"),
    path("entries/<uuid:pk>/audio.wav", sounds.entry_wav, name="entry-wav"),
    path("entries/<uuid:pk>/player/", sounds.entry_player, name="entry-player"),
    path("entries/<uuid:pk>/listens/", PageListens.as_view(), name="listens"),
    path("entries/<uuid:pk>/remix/", entries.entry_remix, name="entry-remix"),
    path("submissions/<uuid:pk>/", submissions.submission_page, name="submission"),
    path("submissions/<uuid:pk>/status/", submissions.submission_status, name="submission-status"),
    path("submissions/<uuid:pk>/midi/", submissions.submission_midi, name="submission-midi"),
    path("submissions/<uuid:pk>/audio.mp3", sounds.submission_audio, name="submission-audio"),
    path("submissions/<uuid:pk>/audio.wav", sounds.submission_wav, name="submission-wav"),
    path("submissions/<uuid:pk>/player/", sounds.submission_player, name="submission-player"),
    path("submissions/<uuid:pk>/withdraw/", submissions.Withdraw.as_view(), name="withdraw"),
    path("submissions/<uuid:pk>/pick/", submissions.Pick.as_view(), name="pick"),
    path("submissions/<uuid:pk>/appeal/", submissions.Appeal.as_view(), name="appeal"),
    path("people/<str:name>/", people.profile, name="profile"),
]
