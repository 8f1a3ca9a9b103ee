from datetime import timedelta

from django.apps import AppConfig


class ChallengesConfig(AppConfig):
    """Challenges, rounds, entries, submissions, scores and boards."""

    name = "challenges"

    def ready(self) -> None:
        """Tell the layers below what this app's jobs and regular tasks are."""
        from challenges.kinds import ESTIMATE, RESCORE, SCORE
        from challenges.services.draining import note_drained
        from challenges.services.estimating import drop_old_estimates, used_in_challenges
        from challenges.services.recurring import schedule_monthly_rounds
        from challenges.services.revisions import rescore_job_ended
        from challenges.services.scoring import score_job_ended
        from jobs import kinds, periodic
        from studio.services.discarding import register_use

        kinds.register(
            kinds.JobKind(
                name=SCORE,
                queue="score",
                lease=timedelta(seconds=20),
                time_limit=timedelta(seconds=60),
                max_attempts=4,
                on_end=score_job_ended,
            )
        )
        kinds.register(
            kinds.JobKind(
                name=RESCORE,
                queue="score",
                lease=timedelta(seconds=30),
                time_limit=timedelta(seconds=60),
                max_attempts=4,
                max_parallel=1,
                on_end=rescore_job_ended,
            )
        )
        kinds.register(
            kinds.JobKind(
                name=ESTIMATE,
                queue="score",
                lease=timedelta(seconds=20),
                time_limit=timedelta(seconds=60),
                max_attempts=2,
            )
        )
        register_use(used_in_challenges)
        periodic.register("drop old estimates", timedelta(minutes=5), drop_old_estimates)
        periodic.register("schedule monthly rounds", timedelta(minutes=1), schedule_monthly_rounds)
        periodic.register("note drained rounds", timedelta(seconds=2), note_drained)
