#!/usr/bin/env bash
# Runs every test. What the tests need besides Go and Node it installs itself:
# Chromium, git and poppler-utils from Debian's packages, axe-core from npm by tools/package-lock.json.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v chromium >/dev/null || ! command -v git >/dev/null || ! command -v pdftotext >/dev/null; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium git poppler-utils
fi
npm ci --prefix tools --no-audit --no-fund

unformatted=$(gofmt -l tools)
if [ -n "$unformatted" ]; then
  echo "Not formatted; run gofmt -w on: $unformatted" >&2
  exit 1
fi
go mod verify
go vet ./tools/...
go test -timeout 30m ./tools/...
