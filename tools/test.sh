#!/usr/bin/env bash
# Runs the tests:
#
#     bash tools/test.sh           all of them
#     bash tools/test.sh --quick   those that need no browser, no server and little time; what is too long for
#                                  that skips itself, by [short] or testing.Short()
#
# What all need besides Go and Node is installed first: Chromium, git,
# poppler-utils, nginx and Apache httpd from Debian's packages, axe-core from
# npm by tools/package-lock.json.
set -euo pipefail
cd "$(dirname "$0")/.."

# The versions are here and not in go.mod, which is for what the command is made of.
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
  ended=$?
  rm -rf "$work"
  if [ $ended = 0 ]; then result="passed"; else result="FAILED"; fi
  echo "tools/test.sh ${quick:+--quick }$result after $SECONDS s"
}
trap finish EXIT

install_packages() {
  PATH=$PATH:/usr/sbin # where Debian has servers
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

# find_vulnerabilities looks for known ones in what the command is made of: each that its code reaches must be answered
# in the README, by its number.
find_vulnerabilities() {
  GOBIN=$work go install $govulncheck
  ended=0
  "$work/govulncheck" -db "${GOVULNDB:-https://vuln.go.dev}" ./tools/... >"$work/said" 2>&1 || ended=$?
  cat "$work/said"
  if [ $ended = 3 ]; then
    for number in $(sed -n 's/^Vulnerability #[0-9]*: //p' "$work/said"); do
      if ! grep -q "$number" README.md; then
        echo "$number is not answered in README.md" >&2
        return 1
      fi
    done
  elif grep -q '^govulncheck: fetching vulnerabilities: ' "$work/said"; then
    echo "NOT LOOKED FOR: known vulnerabilities. Their database does not answer; run tools/test.sh where it can be reached." >&2
  elif [ $ended != 0 ]; then
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
