"""``greenlane serve``: the web server, and the worker beside it where one process must do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes; each has four threads.")
@click.option("--no-worker", is_flag=True, help="Do not start the worker beside the server.")
def serve(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Serve Greenlane; ends with Ctrl-C."""
    serve_here(host=host, port=port, workers=workers, with_worker=not no_worker)


def serve_here(*, host: str, port: int, workers: int = 2, with_worker: bool = True) -> None:
    """Serve in this process until it is ended; the worker runs as a child and ends with it."""
    # Ended by a supervisor (SIGTERM) as by Ctrl-C: the children must end with this process.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    worker = None
    if with_worker:
        worker = subprocess.Popen([sys.executable, "-m", "greenlane", "worker"])
    try:
        server = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [
                sys.executable,
                "-m",
                "granian",
                "--interface",
                "wsgi",
                "--host",
                host,
                "--port",
                str(port),
                "--workers",
                str(workers),
                "--blocking-threads",
                "4",
                "--log-level",
                "warning",
                "greenlane.project.wsgi:application",
            ],
            env={**os.environ},
        )
        click.echo(f"Serving on http://{host}:{port}/ (Ctrl-C ends it).")
        server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        for process in (worker, locals().get("server")):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(timeout=20)
