#!/usr/bin/env bash
# Runs the tests:
#
#     bash tools/test.sh           all of them
#     bash tools/test.sh --quick   those that need no browser, no server and little time; longer ones
#                                  skip themselves, with [short] or testing.Short()
#
# It first installs what the tests need besides Go and Node: Chromium, git,
# poppler-utils, nginx and Apache httpd from Debian's packages, and axe-core from
# npm, pinned by tools/package-lock.json.
set -euo pipefail
cd "$(dirname "$0")/.."

# These versions are here and not in go.mod, which is for what the command is built from.
staticcheck=honnef.co/go/tools/cmd/staticcheck@v0.8.2
govulncheck=golang.org/x/vuln/cmd/govulncheck@v1.9.0

quick=
case $* in
"") ;;
--quick) quick=yes ;;
*)
  echo "usage: bash tools/test.sh [--quick]" >&2
  exit 2
  ;;
esac

work=$(mktemp -d)
finish() {
  status=$?
  rm -rf "$work"
  if [ $status = 0 ]; then result="passed"; else result="FAILED"; fi
  echo "tools/test.sh ${quick:+--quick }$result after $SECONDS s"
}
trap finish EXIT

install_packages() {
  PATH=$PATH:/usr/sbin # where Debian installs servers
  if [ "$(command -v chromium git pdftotext nginx apache2 | wc -l)" -lt 5 ] ||
    [ ! -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ] || [ ! -e /etc/mime.types ]; then
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium git poppler-utils nginx libnginx-mod-http-brotli-static apache2-bin media-types
  fi
  npm ci --prefix tools --no-audit --no-fund
}

read_code() {
  unformatted=$(gofmt -l tools)
  if [ -n "$unformatted" ]; then
    echo "Not formatted; run gofmt -w on: $unformatted" >&2
    return 1
  fi
  go vet ./tools/...
  go run $staticcheck ./tools/...
}

# find_vulnerabilities looks for known vulnerabilities. Each one that the command's code reaches must be answered in
# README.md, by its number.
find_vulnerabilities() {
  GOBIN=$work go install $govulncheck
  status=0
  "$work/govulncheck" -db "${GOVULNDB:-https://vuln.go.dev}" ./tools/... >"$work/output" 2>&1 || status=$?
  cat "$work/output"
  if [ $status = 3 ]; then
    for number in $(sed -n 's/^Vulnerability #[0-9]*: //p' "$work/output"); do
      if ! grep -q "$number" README.md; then
        echo "$number is not answered in README.md" >&2
        return 1
      fi
    done
  elif grep -q '^govulncheck: fetching vulnerabilities: ' "$work/output"; then
    echo "NOT CHECKED: known vulnerabilities. Their database does not answer; run tools/test.sh where it can be reached." >&2
  elif [ $status != 0 ]; then
    return 1
  fi
}

if [ -n "$quick" ]; then
  read_code
  go test -short -vet=off $(go list ./tools/... | grep -vE '/tools/(browser|hosting|pdf)$')
  exit
fi
install_packages
go mod verify
read_code
go test -timeout 30m -vet=off ./tools/...
find_vulnerabilities
