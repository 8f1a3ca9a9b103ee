from django.urls import path

from learning import chapters, views

urlpatterns = [
    path("", views.index, name="learn"),
    path("glossary/", views.glossary_page, name="learn-glossary"),
    path("search/", views.search_page, name="learn-search"),
    path("manage/", views.Manage.as_view(), name="learn-manage"),
    path("certificates/<str:token>/", views.certificate_page, name="learn-certificate"),
    path("<slug:capsule>/", views.capsule_page, name="learn-capsule"),
    path("<slug:capsule>/certificate/", views.certify, name="learn-certify"),
    path("<slug:capsule>/<slug:chapter>/", chapters.ChapterPage.as_view(), name="learn-chapter"),
    path(
        "<slug:capsule>/<slug:chapter>/<slug:part>/<int:number>.mid",
        chapters.sound,
        name="learn-sound",
    ),
    path(
        "<slug:capsule>/<slug:chapter>/<slug:part>/own/",
        chapters.BringMelody.as_view(),
        name="learn-own",
    ),
    path(
        "<slug:capsule>/<slug:chapter>/<slug:part>/own/<uuid:pk>/",
        chapters.melody_status,
        name="learn-own-status",
    ),
]
