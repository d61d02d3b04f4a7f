# What every target of this tree has in common: the language, the warnings, and one function each
# for a library (one per folder), a test program and a benchmark.

option(KURABE_TESTS "Build the tests" ON)
option(KURABE_BENCH "Build the benchmarks" OFF)
option(KURABE_FUZZ "Build the fuzz targets for libFuzzer (clang) instead of the tests" OFF)
option(KURABE_WARNINGS_AS_ERRORS "Treat warnings as errors (on in every preset)" OFF)
option(KURABE_STATIC "Link the small image statically; it then starts in a third of the time" OFF)
set(KURABE_SANITIZE "" CACHE STRING "Sanitizers to build with, as for -fsanitize=")

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)

add_library(kurabe_common INTERFACE)
target_compile_features(kurabe_common INTERFACE cxx_std_23)
target_include_directories(kurabe_common INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(kurabe_common INTERFACE _GLIBCXX_ASSERTIONS)
target_compile_options(kurabe_common INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor
    -Woverloaded-virtual -Wformat=2 -Werror=format-security -Werror=format-nonliteral
    -fstack-protector-strong
    # g++ 12 warns falsely of `"text" + std::string` when it optimizes (GCC bug 105651).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    $<$<BOOL:${KURABE_WARNINGS_AS_ERRORS}>:-Werror>)
if(KURABE_SANITIZE)
    target_compile_options(kurabe_common INTERFACE
        -fsanitize=${KURABE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(kurabe_common INTERFACE -fsanitize=${KURABE_SANITIZE})
    if(KURABE_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # The sanitizer does not see fences; store/bus_guard.cpp has one beside an atomic flag, which
        # it does see.
        target_compile_options(kurabe_common INTERFACE -Wno-tsan)
    endif()
endif()
if(KURABE_FUZZ)
    target_compile_options(kurabe_common INTERFACE -fsanitize=fuzzer-no-link)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# fmt without its shared library.
add_library(kurabe_fmt STATIC ${CMAKE_CURRENT_LIST_DIR}/fmt_library.cpp)
target_compile_features(kurabe_fmt PUBLIC cxx_std_23)
target_include_directories(kurabe_fmt SYSTEM PUBLIC
    $<TARGET_PROPERTY:fmt::fmt-header-only,INTERFACE_INCLUDE_DIRECTORIES>)

# kurabe_library(FOLDER HEADERS ... SOURCES ... PUBLIC ... PRIVATE ...): the target kurabe_FOLDER of
# the folder this is called in. PUBLIC are the Kurabe targets it builds on, PRIVATE foreign libraries.
function(kurabe_library folder)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "HEADERS;SOURCES;PUBLIC;PRIVATE")
    set(target kurabe_${folder})
    add_library(${target} STATIC ${ARG_SOURCES})
    target_sources(${target} PUBLIC FILE_SET HEADERS
        BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${ARG_HEADERS})
    target_link_libraries(${target} PUBLIC kurabe_common ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

# kurabe_test(NAME [COUNTS_INSTRUCTIONS] SOURCES ... LINKS ...): a GoogleTest program whose cases
# ctest lists one by one.
function(kurabe_test name)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "COUNTS_INSTRUCTIONS" "TIMEOUT" "SOURCES;LINKS")
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE kurabe_common ${ARG_LINKS} GTest::gtest_main GTest::gmock)
    target_compile_definitions(${name} PRIVATE KURABE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    # What is tested stays -O3; the tests' own code, most of it templates of GoogleTest that run once,
    # compiles in half the time. Inline functions may come from either, which matters to tests that
    # count instructions.
    if(NOT ARG_COUNTS_INSTRUCTIONS)
        target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
    endif()
    if(KURABE_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # g++ 12 warns falsely of <regex> under the sanitizers (GCC bug 105562).
        target_compile_options(${name} PRIVATE -Wno-maybe-uninitialized)
    endif()
    gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
        PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()

# kurabe_bench(NAME SOURCES ... LINKS ...): a program build/PRESET/bench/NAME.
function(kurabe_bench name)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LINKS")
    add_executable(bench_${name} ${ARG_SOURCES})
    set_target_properties(bench_${name} PROPERTIES OUTPUT_NAME ${name})
    target_link_libraries(bench_${name} PRIVATE kurabe_common ${ARG_LINKS})
endfunction()
