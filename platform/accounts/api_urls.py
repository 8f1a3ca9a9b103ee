from django.urls import path

from accounts import api

urlpatterns = [
    path("me/", api.Me.as_view(), name="api-me"),
    path("tokens/", api.TokenCollection.as_view(), name="api-token-collection"),
    path("tokens/<int:pk>/", api.TokenDetail.as_view(), name="api-token-detail"),
]
