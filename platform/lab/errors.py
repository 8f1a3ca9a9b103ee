"""The rules of the Lab that somebody can break, by name."""

from accounts.errors import RuleBroken


class RightsNotConfirmed(RuleBroken):
    """Files were uploaded without the word that one may train on them."""

    code = "rights_not_confirmed"
    status = 422


class NothingToTrainOn(RuleBroken):
    """No file of a data set holds music that a model can learn from."""

    code = "nothing_to_train_on"
    status = 422


class TooManyFiles(RuleBroken):
    """A data set would have more files, or more bytes, than one may have."""

    code = "too_many_files"
    status = 422


class TooManyDataSets(RuleBroken):
    """A person keeps as many data sets as one person may."""

    code = "too_many_data_sets"


class DataSetInUse(RuleBroken):
    """A run that has not ended still trains on the data set."""

    code = "data_set_in_use"


class PartsNotFitting(RuleBroken):
    """The chosen tracks are not in the file, or give no four parts."""

    code = "parts_not_fitting"
    status = 422


class StyleNotTrainable(RuleBroken):
    """This kind of model cannot be trained on this music."""

    code = "style_not_trainable"
    status = 422


class TooManyRuns(RuleBroken):
    """A person has as many runs under way as one person may have."""

    code = "too_many_runs"


class TrainingQuotaUsed(RuleBroken):
    """A person has used the processor time of this month."""

    code = "training_quota_used"


class RunOver(RuleBroken):
    """The run has ended, so nothing more can be asked of it."""

    code = "run_over"


class RunNotOver(RuleBroken):
    """The run is still under way, so it cannot be deleted."""

    code = "run_not_over"


class NothingLearned(RuleBroken):
    """A run that has not begun cannot be finished early."""

    code = "nothing_learned"
