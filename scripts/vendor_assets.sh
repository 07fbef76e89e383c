#!/usr/bin/env bash
# Fetches the third-party assets again and rewrites them with their MANIFEST.toml.
# For a new version: change scripts/vendor/package.json, refresh its lock file with
#   (cd scripts/vendor && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved)
# and run this script. Needs npm and .venv (make test). make run and make test never come here.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp scripts/vendor/package.json scripts/vendor/package-lock.json "$work/"
# Install scripts of packages stay off: some send telemetry, none is needed.
(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund)
.venv/bin/python scripts/vendor_assets.py "$work/node_modules"
