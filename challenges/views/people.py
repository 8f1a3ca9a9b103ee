"""`/people/<name>/`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import User
from challenges.selectors.people import history_of, results_of


@require_safe
def profile(request: HttpRequest, name: str) -> HttpResponse:
    """Show somebody's public page: who they are, and how they did round by round."""
    person = get_object_or_404(User, username__iexact=name.replace("\0", ""), is_active=True)
    results = results_of(person=person, viewer=request.user)
    context = {
        "person": person,
        "results": results,
        "history": history_of(results),
        "is_own": person == request.user,
    }
    return render(request, "people/profile.html", context)
