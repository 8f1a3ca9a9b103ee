"""What has to be true before a run may be queued."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from lab.errors import NothingToTrainOn, StyleNotTrainable, TooManyRuns, TrainingQuotaUsed
from lab.models import CustomModel, DataSet, TrainingRun
from lab.models.runs import UNDER_WAY
from lab.quotas import budget_of
from lab.selectors.data_sets import kinds_for
from lab.wording import Kind


def require_trainable(data_set: DataSet, kind: str) -> None:
    """Check that a kind of model can learn from a data set.

    :raises StyleNotTrainable: saying why not
    """
    if kind in kinds_for(data_set):
        return
    if data_set.style:
        raise StyleNotTrainable(
            _("%(kind)s cannot be trained on the style %(style)s, which has single lines only. "
              "Choose another style, or another model.")
            % {"kind": str(Kind(kind).label).split(":")[0], "style": data_set.style}
        )  # fmt: skip
    raise StyleNotTrainable(
        _("A GAN learns what goes with a melody, so it needs phrases with a second voice on both "
          "sides of the split. This music has none: add pieces, choose their parts, or train "
          "another model.")
    )  # fmt: skip


def require_turn(owner: User) -> None:
    """Check that a person may have one more run under way.

    :raises TooManyRuns: if they have as many as they may
    """
    runs = unended(TrainingRun.objects.filter(owner=owner)).select_related("job")
    under_way = sum(run.state in UNDER_WAY for run in runs)
    if under_way >= settings.LAB_RUNS_AT_ONCE:
        raise TooManyRuns(
            _("%(count)d runs of yours are under way, which is as many as one person may have. "
              "Wait for one, pause one or cancel one.") % {"count": under_way}
        )  # fmt: skip


def unended(runs: QuerySet[TrainingRun]) -> QuerySet[TrainingRun]:
    """Return those of some runs that have not ended."""
    return runs.filter(finished_at=None, cancelled_at=None)


def require_budget(owner: User, now: datetime) -> None:
    """Check that a person has processor time left this month.

    :raises TrainingQuotaUsed: saying when it is given back
    """
    budget = budget_of(owner, now)
    if budget.is_used_up:
        raise TrainingQuotaUsed(
            _("You have used the %(minutes)d minutes of processor time that one person may train "
              "for in a month. They are given back on %(day)s (UTC).")
            % {"minutes": budget.limit / 60, "day": f"{budget.resets_at:%Y-%m-%d}"},
            extra={"resets_at": budget.resets_at.isoformat()},
        )  # fmt: skip


def require_there(data_set: DataSet) -> None:
    """Keep a data set from being deleted before its new run is stored.

    :raises NothingToTrainOn: if it was deleted meanwhile
    """
    if not DataSet.objects.select_for_update(no_key=True).filter(pk=data_set.pk).exists():
        raise NothingToTrainOn(_("This music was deleted meanwhile. Choose other music."))


def require_room_to_keep(owner: User) -> None:
    """Check that a person does not keep too much: resting runs have checkpoints, models weights.

    :raises TooManyRuns: saying of which there are too many
    """
    resting = unended(TrainingRun.objects.filter(owner=owner)).count()
    if resting >= settings.LAB_RESTING_RUNS:
        raise TooManyRuns(
            _("%(count)d runs of yours have not ended, which is as many as one person may keep. "
              "Finish some, or cancel them.") % {"count": resting}
        )  # fmt: skip
    models = CustomModel.objects.kept().filter(owner=owner).count()
    if models >= settings.LAB_MODELS:
        raise TooManyRuns(
            _("You keep %(count)d models, which is as many as one person may. Delete some that you "
              "do not need.") % {"count": models}
        )  # fmt: skip
