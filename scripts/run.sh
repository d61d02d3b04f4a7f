#!/usr/bin/env bash
# The first run for a newcomer: installs what is missing, builds, and serves this machine's graphs
# on http://127.0.0.1:5434. With --demo: 120 invented hosts with two days of history instead.
# Everything it makes lies in run/ and build/; Ctrl-C ends it. Both ways want the same port: two of
# them at once need --listen for one.
set -euo pipefail

demo=no
listen=127.0.0.1:5434
while [ $# -gt 0 ]; do
    case "$1" in
        --demo) demo=yes ;;
        --listen) listen=${2:?--listen needs ADDR:PORT}; shift ;;
        --help)
            echo "Usage: scripts/run.sh [--demo] [--listen ADDR:PORT]"
            exit 0
            ;;
        *)
            echo "ERROR: unknown argument '$1'; see scripts/run.sh --help" >&2
            exit 1
            ;;
    esac
    shift
done

# Whether somebody listens there, asked with nothing but the shell.
is_taken() {
    local host=${listen%:*}
    host=${host#[}
    (exec 3<>"/dev/tcp/${host%]}/${listen##*:}") 2>/dev/null
}

# Before minutes of building.
if is_taken; then
    echo "ERROR: something listens on $listen already, perhaps another run.sh; end it, or choose" \
        "another port: scripts/run.sh --listen 127.0.0.1:5435" >&2
    exit 1
fi

cd "$(dirname "$0")/.."
. scripts/packages.sh

install_missing "${build_packages[@]}" "${run_packages[@]}"
if [ ! -e build/release/kurabe ]; then
    echo "The first build takes 5 to 25 minutes on two cores and 300 MB in build/."
fi
cmake --preset release -DKURABE_TESTS=OFF -DKURABE_BENCH=OFF >/dev/null
cmake --build --preset release --target kurabe

if [ "$demo" = yes ]; then
    if [ ! -e run/demo/kurabe.yml ]; then
        # Under another name until it is whole: an interrupted run begins again.
        rm -rf run/demo.new
        mkdir -p run
        # Where it says that everything is, nothing will be after the next line.
        build/release/kurabe demo run/demo.new --hosts 120 --days 2 --seed 1 >/dev/null
        mv -T run/demo.new run/demo
    fi
    config=run/demo/kurabe.yml
else
    config=run/kurabe.yml
    if [ ! -e "$config" ]; then
        mkdir -p run/rolls
        # Who asks for more than this machine gets it; docs/operations.md, "Access", has logins.
        case "$listen" in
            127.* | localhost:* | "[::1]":*) access= ;;
            *) access='
  access: { mode: open }' ;;
        esac
        printf 'metrics:\n- base\n' >run/rolls/base.yml
        cat >"$config" <<YAML
---
config:
  data_dir: data
  rolls_dir: rolls$access
---
service: This machine
servers:
- roll: base.yml
  collect: local
  hosts:
  - 127.0.0.1 $(uname -n)
YAML
    fi
fi

# Beside the server, for a minute: until it listens or has ended. Not its child, for which it would
# have to wait.
(
    (
        for ((tries = 0; tries < 300; tries++)); do
            sleep 0.2
            kill -0 $$ 2>/dev/null || break
            if is_taken; then
                echo "Ready: open http://$listen/ in a browser; Ctrl-C ends the server."
                break
            fi
        done
    ) &
)
exec build/release/kurabe serve --config "$config" --listen "$listen"
