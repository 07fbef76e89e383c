#!/usr/bin/env bash
# Writes requirements.lock (to run), requirements-postgres.lock (to run on PostgreSQL) and requirements-dev.lock (to test): exact versions with hashes.
# Run it after a change of the dependencies in pyproject.toml; arguments go to uv, for example --upgrade.
set -eu
cd "$(dirname "$0")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools/venv"
"$tools/venv/bin/pip" install --quiet "uv>=0.13"

# setuptools builds the editable install without a network; Python 3.12 and later no longer bring it.
printf 'setuptools>=80\n' > "$tools/build.in"

compile() {
    "$tools/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@"
}
compile pyproject.toml "$tools/build.in" -o requirements.lock "${@}"
# With the driver of PostgreSQL, for a server of several processes (deploy/).
compile pyproject.toml "$tools/build.in" --extra postgres \
    --constraint requirements.lock -o requirements-postgres.lock "${@}"
# The same versions as in requirements.lock, so that we test what we run.
compile pyproject.toml "$tools/build.in" --extra dev --extra postgres \
    --constraint requirements.lock -o requirements-dev.lock "${@}"
