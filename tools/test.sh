#!/usr/bin/env bash
# Runs every test: bash tools/test.sh. With --quick, only those that need neither a browser nor a server.
# What the tests need besides Go and Node it installs itself: Chromium, git, poppler-utils, nginx and Apache httpd
# from Debian's packages, axe-core from npm by tools/package-lock.json. What it runs to look at the code has its
# version here and not in go.mod, which has the modules that the command needs.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin # where Debian has servers
trap 'echo "tools/test.sh took $SECONDS s."' EXIT

unformatted=$(gofmt -l tools)
if [ -n "$unformatted" ]; then
  echo "Not formatted; run gofmt -w on: $unformatted" >&2
  exit 1
fi
go vet ./tools/...

if [ "${1:-}" = --quick ]; then
  go test ./tools/report ./tools/check ./tools/opendata ./tools/schemas ./tools/site ./tools/release
  go test ./tools -run 'TestRules|TestScripts/(usage|build|new|mistakes)$'
  exit
fi

if [ "$(command -v chromium git pdftotext nginx apache2 | wc -l)" -lt 5 ] ||
  [ ! -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ] || [ ! -e /etc/mime.types ]; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium git poppler-utils nginx libnginx-mod-http-brotli-static apache2-bin media-types
fi
npm ci --prefix tools --no-audit --no-fund
go mod verify
go test -timeout 30m ./tools/...

work=$(mktemp -d)
trap 'rm -rf "$work"; echo "tools/test.sh took $SECONDS s."' EXIT
GOBIN=$work go install honnef.co/go/tools/cmd/staticcheck@v0.8.2
"$work/staticcheck" ./tools/...

# Known vulnerabilities in what the command is made of: each that its code reaches must be answered in
# the README, by its number.
GOBIN=$work go install golang.org/x/vuln/cmd/govulncheck@v1.9.0
ended=0
"$work/govulncheck" -db "${GOVULNDB:-https://vuln.go.dev}" ./tools/... >"$work/said" 2>&1 || ended=$?
cat "$work/said"
if [ $ended = 3 ]; then
  for number in $(sed -n 's/^Vulnerability #[0-9]*: //p' "$work/said"); do
    if ! grep -q "$number" README.md; then
      echo "$number is not answered in README.md" >&2
      exit 1
    fi
  done
elif grep -q '^govulncheck: fetching vulnerabilities: ' "$work/said"; then
  echo "NOT LOOKED FOR: known vulnerabilities. Their database does not answer; run tools/test.sh where it can be reached." >&2
elif [ $ended != 0 ]; then
  exit 1
fi
