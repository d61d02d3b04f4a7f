#!/usr/bin/env bash
# All tests: installs what is missing, builds, runs everything; ends with ctest's summary.
#
#   scripts/test.sh             all tests under the address and undefined behaviour sanitizers, but
#                               those that compare with rrdtool or need a browser; these, and those
#                               of the store and the renderer, in the release build
#   scripts/test.sh --nightly   all tests in both, with bigger numbers; and each header and each
#                               source compiled alone
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

in_both=OFF
case "${1-}" in
    '') ;;
    --nightly)
        export KURABE_NIGHTLY=1
        in_both=ON
        ;;
    *)
        echo "ERROR: unknown argument '$1'; there is only --nightly" >&2
        exit 1
        ;;
esac

install_missing "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}" \
    "${sanitizer_packages[@]}"
jobs=$(nproc)

cmake --preset release -DKURABE_OUTER_TESTS="$in_both"
cmake --build --preset release -j "$jobs"
if [ -n "${KURABE_NIGHTLY-}" ]; then
    # Headers compile by themselves: these have no source of their own, whose first include they were.
    cmake --build --preset release -j "$jobs" --target all_verify_interface_header_sets
    # So do sources: compiled together, one may live on what another includes.
    cmake --preset dev
    cmake --build --preset dev -j "$jobs"
fi

cmake --preset asan -DKURABE_DIFFERENTIAL_TESTS="$in_both"
cmake --build --preset asan -j "$jobs"

# run_tests PRESET OPTION...: 1 when one failed. Many tests wait for a clock or for other programs:
# one more than there are processors is run at a time.
run_tests() {
    local preset=$1
    shift
    ctest --preset "$preset" -j "$((jobs + 1))" --output-log "build/$preset/tests.log" "$@"
}

# What the failed tests of a preset said, again: in the middle of two thousand lines nobody sees it.
show_failures() {
    echo "== Failed: $1"
    awk '/^ *Start +[0-9]+:|^ *[0-9]+\/[0-9]+ Test +#/ { shown = 0 }
         /^ *[0-9]+\/[0-9]+ Test .*\*\*\*/ { shown = 60 }
         shown-- > 0' "build/$1/tests.log"
}

failed=()
echo "== Tests under the address and undefined behaviour sanitizers"
# Not the browser, nor what starts thousands of processes of which each does little, nor what only
# reads our sources.
run_tests asan -LE browser -E 'RrdDirectories|^tidy_test' || failed+=(asan)
echo "== Tests of the release build"
run_tests release || failed+=(release)
for preset in "${failed[@]}"; do
    show_failures "$preset"
done
[ ${#failed[@]} -eq 0 ]
