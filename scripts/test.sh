#!/usr/bin/env bash
# All tests: installs what is missing, builds, runs everything; ends with ctest's summary.
#
#   scripts/test.sh             the release build and everything in it, then the parsers, the store
#                               and the renderer again under the address and undefined behaviour
#                               sanitizers
#   scripts/test.sh --nightly   the same tests with bigger numbers
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

case "${1-}" in
    '') ;;
    --nightly) export KURABE_NIGHTLY=1 ;;
    *)
        echo "ERROR: unknown argument '$1'; there is only --nightly" >&2
        exit 1
        ;;
esac

install_missing "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}"
jobs=$(nproc)

cmake --preset release
cmake --build --preset release -j "$jobs"
# Every header compiles by itself.
cmake --build --preset release -j "$jobs" --target all_verify_interface_header_sets

cmake --preset asan
cmake --build --preset asan -j "$jobs"

status=0
echo "== Tests under the address and undefined behaviour sanitizers"
ctest --preset asan -j "$jobs" -LE browser || status=1
echo "== Tests of the release build"
ctest --preset release -j "$jobs" || status=1
exit $status
