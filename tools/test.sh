#!/usr/bin/env bash
# Runs every test. What the tests need besides Go and Node it installs itself:
# Chromium, poppler-utils, nginx and Apache httpd from Debian's packages, axe-core from npm by tools/package-lock.json.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin # where Debian has servers

if [ "$(command -v chromium pdftotext nginx apache2 | wc -l)" -lt 4 ] ||
  [ ! -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ] || [ ! -e /etc/mime.types ]; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium poppler-utils nginx libnginx-mod-http-brotli-static apache2-bin media-types
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
