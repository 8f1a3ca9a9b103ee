"""What visitors and organizers do."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from learning.book import Capsule, Chapter, capsules
from learning.errors import AnswerIncomplete, CapsuleNotFinished
from learning.models import CapsuleSetting, Certificate
from learning.progress import KEY, InRows, InSession, Keeper, State
from learning.quiz import Question, Verdict, check

LONGEST_GIVEN = 40


def answer(
    *, keeper: Keeper, chapter: Chapter, question: Question, given: Sequence[str], now: datetime
) -> Verdict:
    """Check an answer and keep it; the chapter is done when every question was right once.

    :raises AnswerIncomplete: if it lacks a part
    """
    sent = [value[:LONGEST_GIVEN] for value in given]
    verdict = check(question, sent)
    if verdict is None:
        raise AnswerIncomplete(_("Fill in every part of the answer, then check it again."))
    kept = keeper.save(chapter, State({question.id: {"given": sent, "right": verdict.right}}, None))
    if all(kept.answers.get(q.id, {}).get("right") for q in chapter.questions):
        keeper.save(chapter, State({}, now))
    return verdict


def mark_read(*, keeper: Keeper, chapter: Chapter, now: datetime) -> None:
    """Count a chapter that asks nothing as done."""
    if not chapter.questions:
        keeper.save(chapter, State({}, now))


@transaction.atomic
def adopt_progress(session: SessionBase, person: User, now: datetime) -> None:
    """Give a guest's progress to the person they sign in as; what is right stays right."""
    del now  # chapters keep the time at which they were done
    rows = InRows(person)
    for (capsule, slug), state in InSession(session).all().items():
        found = capsules().get(capsule)
        chapter = found.chapter(slug) if found else None
        if chapter:
            rows.save(chapter, state)
    session.pop(KEY, None)


@transaction.atomic
def issue_certificate(*, person: User, capsule: Capsule, now: datetime) -> Certificate:
    """Return the person's certificate of a capsule, made now if there is none yet.

    :raises CapsuleNotFinished: if a chapter is not done
    """
    states = InRows(person).all()
    done = [states.get((capsule.slug, c.slug), State()).done_at for c in capsule.chapters]
    if not all(done):
        left = sum(end is None for end in done)
        raise CapsuleNotFinished(
            _("{left} of {done} chapters of {title} are not done yet.").format(
                left=left, done=len(done), title=capsule.title
            )
        )
    certificate, _created = Certificate.objects.get_or_create(
        person=person,
        capsule=capsule.slug,
        defaults={"name": person.public_name, "issued_at": now},
    )
    return certificate


@transaction.atomic
def arrange_capsules(*, arrangement: Sequence[tuple[str, int, bool]]) -> None:
    """Put capsules in order and publish them: (slug, position, published) each."""
    for slug, position, published in arrangement:
        CapsuleSetting.objects.update_or_create(
            capsule=slug, defaults={"position": position, "is_published": published}
        )
