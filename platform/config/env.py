"""Every environment variable the site reads: its type, default and meaning.

Each variable is a field's name in upper case behind `COUNTERPOINT_`. Without any of them the site
runs on SQLite, a broker made of files and a local folder; with them, on PostgreSQL, Redis and S3.
"""

import secrets
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic.functional_validators import BeforeValidator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


def _split(value: object) -> object:
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


Names = Annotated[list[str], NoDecode, BeforeValidator(_split)]


class Environment(BaseSettings):
    """The site's settings as an operator gives them."""

    model_config = SettingsConfigDict(
        env_prefix="COUNTERPOINT_", frozen=True, env_ignore_empty=True
    )

    data_dir: Path = Field(
        ROOT / "var",
        description="Folder of the embedded parts: database, broker, files, mails, secret key.",
    )
    production: bool = Field(
        False,
        description="HTTPS only, with secure cookies and HSTS; asks for your own secret key.",
    )
    debug: bool = Field(False, description="Show Django's debug pages. Never with `PRODUCTION`.")
    secret_key: str = Field(
        "",
        description="Signs sessions and links. Made in the data folder unless in production.",
    )
    allowed_hosts: Names = Field(
        ["localhost", "127.0.0.1", "[::1]"],
        description="Host names the site answers to, separated by commas.",
    )
    csrf_trusted_origins: Names = Field(
        [],
        description="Origins (scheme and host) that forms may be posted from, separated by commas.",
    )
    site_url: str = Field(
        "http://127.0.0.1:8000", description="Where people reach the site; used in mails."
    )
    behind_proxy: bool = Field(
        False,
        description="Trust X-Forwarded-Proto and X-Forwarded-For of the reverse proxy in front.",
    )
    database_url: str = Field(
        "",
        description="postgresql://user:password@host:port/name. A SQLite file when empty.",
    )
    broker_url: str = Field(
        "", description="redis://host:port/db. Files in the data folder when empty."
    )
    broker_prefix: str = Field(
        "", description="Before every key on Redis, so that two sites can share one server."
    )
    s3_bucket: str = Field(
        "", description="Bucket for MIDI files. A folder in the data folder when empty."
    )
    s3_endpoint_url: str = Field(
        "", description="Address of an S3-compatible server other than Amazon's."
    )
    s3_public_url: str = Field(
        "", description="Address at which browsers reach that server, where it is another."
    )
    s3_region: str = Field("us-east-1", description="Region of the bucket.")
    s3_access_key: str = Field("", description="Access key for the bucket.")
    s3_secret_key: str = Field("", description="Secret key for the bucket.")
    static_dir: Path | None = Field(
        None, description="Where collectstatic puts files. In the data folder when empty."
    )
    email_host: str = Field(
        "", description="SMTP server. Mails are written to the data folder when empty."
    )
    email_port: int = Field(587, description="Port of the SMTP server.")
    email_user: str = Field("", description="User name at the SMTP server.")
    email_password: str = Field("", description="Password at the SMTP server.")
    email_tls: bool = Field(True, description="Use STARTTLS with the SMTP server.")
    email_from: str = Field(
        "Counterpoint <counterpoint@localhost>", description="Sender of the site's mails."
    )
    weights_dir: Path | None = Field(
        None, description="Folder of the models' weights. The shipped ones when empty."
    )
    generations_at_once: int = Field(
        32, description="Generations of one person that may wait or run at the same time.", ge=1
    )
    guest_generations_at_once: int = Field(
        2,
        description="Generations of one guest that may wait or run at the same time.",
        ge=1,
    )
    guest_compositions: int = Field(
        50, description="Compositions that one guest, somebody without an account, may keep.", ge=1
    )
    guest_days: int = Field(
        30, description="Days after which the work of a guest who did not return is deleted.", ge=1
    )
    lab_cpu_minutes: int = Field(
        1800, description="Minutes of processor time that one person may train for a month.", ge=0
    )
    lab_runs_at_once: int = Field(
        2, description="Training runs of one person that may wait or train at the same time.", ge=1
    )
    lab_data_sets: int = Field(
        50, description="Data sets to train on that one person may keep.", ge=1
    )
    lab_files: int = Field(500, description="Files that one data set may have.", ge=1)
    lab_measures: bool = Field(
        True,
        description="Have workers measure once a month how fast they train, for the estimates. "
        "Not before somebody keeps a data set.",
    )
    throttle_anonymous: str = Field(
        "1200/min", description="API requests without an account, per address."
    )
    throttle_person: str = Field("6000/min", description="API requests of one account.")
    throttle_submissions: str = Field(
        "3000/min", description="Uploads of one account by the API; quotas bound them per round."
    )
    throttle_generations: str = Field(
        "600/min", description="Generations that one account may ask for by the API."
    )
    throttle_listens: str = Field(
        "60/min", description="Listens that one account or address may tell of."
    )
    throttle_estimates: str = Field(
        "120/min", description="Score estimates that one account may ask for."
    )
    throttle_lab: str = Field(
        "60/min", description="Data sets and training runs that one account may ask for."
    )
    throttle_guest_generations: str = Field(
        "30/hour", description="Generations that one guest may ask for."
    )
    throttle_address_generations: str = Field(
        "300/hour", description="Generations that all guests at one address may ask for together."
    )
    throttle_address_estimates: str = Field(
        "3600/hour", description="Score estimates that all guests at one address may ask for."
    )
    throttle_address_pieces: str = Field(
        "600/hour", description="Pieces that all guests at one address may keep together."
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="How log lines are written."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe line logged."
    )
    test_database_suffix: str = Field(
        "", description="Ending of the test database's name, to run two suites at once."
    )

    @model_validator(mode="after")
    def _production_needs_its_own_secrets(self) -> "Environment":
        if self.production and not self.secret_key:
            raise ValueError("COUNTERPOINT_SECRET_KEY is required with COUNTERPOINT_PRODUCTION.")
        if self.production and self.debug:
            raise ValueError("COUNTERPOINT_DEBUG must be off with COUNTERPOINT_PRODUCTION.")
        return self

    @property
    def s3_origin(self) -> str:
        """Where browsers reach the bucket: scheme, host and port."""
        address = self.s3_public_url or self.s3_endpoint_url
        if not address:
            return f"https://s3.{self.s3_region}.amazonaws.com"
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.netloc}"

    def signing_key(self) -> str:
        """Return the secret key, making one in the data folder on the first start."""
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret_key"
        try:
            return path.read_text()
        except FileNotFoundError:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            made = secrets.token_urlsafe(50)
            try:
                with path.open("x") as file:
                    path.chmod(0o600)
                    file.write(made)
            except FileExistsError:  # another process of the first start was faster
                return path.read_text()
            return made


@cache
def environment() -> Environment:
    """Return the environment, read once per process."""
    return Environment()
