#!/usr/bin/env bash
# Runs every fuzz target for some minutes each: scripts/fuzz.sh [MINUTES] [TARGET...]
# A finding is left in build/fuzz/findings/ and ends the run with status 1; put it into
# tests/fuzz/corpus/TARGET/ with a unit test once it is mended.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

minutes=${1:-10}
shift || true
install_missing "${build_packages[@]}" "${sanitizer_packages[@]}"
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz -j "$(nproc)" | tail -n 1

if [ $# -gt 0 ]; then
    targets=("$@")
else
    targets=()
    for source in tests/fuzz/*_fuzz.cpp; do
        targets+=("$(basename "$source" _fuzz.cpp)")
    done
fi

# What fontconfig keeps for itself is none of our leaks.
export LSAN_OPTIONS="suppressions=$PWD/tests/support/leaks.supp:print_suppressions=0"
findings=build/fuzz/findings
mkdir -p "$findings"
status=0
for target in "${targets[@]}"; do
    grown=build/fuzz/corpus/$target
    mkdir -p "$grown"
    echo "== $target, $minutes min"
    if ! "build/fuzz/tests/fuzz/${target}_fuzz" -max_total_time=$((minutes * 60)) -timeout=10 \
        -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$findings/$target-" "$grown" "tests/fuzz/corpus/$target" 2>&1 |
        grep -v -e '# Uses' -e 'Recommended dictionary'; then
        status=1
    fi
done
exit $status
