# What every target of this tree has in common: the language, the warnings, and one function each
# for a library (one per folder), a test program and a benchmark.

option(KURABE_TESTS "Build the tests" ON)
option(KURABE_BENCH "Build the benchmarks" OFF)
option(KURABE_FUZZ "Build the fuzz targets for libFuzzer (clang) instead of the tests" OFF)
option(KURABE_WARNINGS_AS_ERRORS "Treat warnings as errors (on in every preset)" OFF)
option(KURABE_PRECOMPILE "Read common headers once for all sources" OFF)
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
    # Pango's flags have it: all have, because precompiled headers want the same macros everywhere.
    -pthread
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor
    -Woverloaded-virtual -Wformat=2 -Werror=format-security -Werror=format-nonliteral
    -fstack-protector-strong
    # g++ 12 warns falsely of `"text" + std::string` when it optimizes (GCC bug 105651).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    # What clang adds to -Wconversion, and libstdc++ 12 using what it deprecates; of the sources in
    # assembler, that they need no options of the others.
    $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion -Wno-deprecated-declarations
        -Wno-unused-command-line-argument>
    # Sources that are compiled together are headers to g++, in which such a type would be wrong.
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wno-subobject-linkage>
    $<$<BOOL:${KURABE_WARNINGS_AS_ERRORS}>:-Werror>)
if(KURABE_SANITIZE)
    # A null pointer that is followed ends in a report anyway; to check for it before is a sixth of
    # the compiler's time. What asks for an object's type takes it for wrong when no file can be
    # opened any more.
    target_compile_options(kurabe_common INTERFACE
        -fsanitize=${KURABE_SANITIZE} -fno-sanitize=null,vptr -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    target_link_options(kurabe_common INTERFACE -fsanitize=${KURABE_SANITIZE})
    # For what sanitizers forbid or do not see; clang has no macros for them.
    target_compile_definitions(kurabe_common INTERFACE KURABE_SANITIZED)
    if(KURABE_SANITIZE MATCHES "thread")
        target_compile_definitions(kurabe_common INTERFACE KURABE_SANITIZED_THREADS)
    endif()
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

# Headers that take a compiler most of its time, read once for all targets that are compiled as these
# are.
set(kurabe_precompiled_headers
    <algorithm> <chrono> <expected> <filesystem> <fstream> <functional> <map> <memory> <optional>
    <random> <ranges> <span> <string> <thread> <variant> <vector> <fmt/format.h>)

# Of precompiled headers g++ 12 does not keep that false warnings in them are none of ours.
set(kurabe_precompiled_warnings)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(kurabe_precompiled_warnings
        -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endif()

# kurabe_precompile(TARGET OPTION...): they are read once, by TARGET, for all that have the same
# options.
function(kurabe_precompile target)
    add_library(${target} OBJECT ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
    target_compile_options(${target} PRIVATE ${ARGN})
    target_link_libraries(${target} PRIVATE kurabe_common kurabe_fmt)
    target_precompile_headers(${target} PRIVATE ${kurabe_precompiled_headers})
endfunction()

# Under the sanitizers only libraries that compute are optimized: the others spend their time waiting
# and compile in half of it.
set(kurabe_plain_optimization)
set(kurabe_precompiled_plain kurabe_precompiled)
if(KURABE_SANITIZE)
    set(kurabe_plain_optimization -O0)
    set(kurabe_precompiled_plain kurabe_precompiled_plain)
endif()

# For libraries where the option is on. It halves their compiler's time and hides what a source
# forgot to include: the presets dev and fuzz are without, and find that.
#
# Presets that have it also compile twelve sources of a target at a time (CMAKE_UNITY_BUILD), in a
# third of the time, because each template is then made once for all of them. So sources of a folder
# share their anonymous namespaces: a name there is nobody else's, and what two need is a header's.
if(KURABE_PRECOMPILE)
    kurabe_precompile(kurabe_precompiled)
    if(KURABE_SANITIZE)
        kurabe_precompile(kurabe_precompiled_plain ${kurabe_plain_optimization})
    endif()
endif()

set(kurabe_test_optimization $<$<CONFIG:Release>:-O1>)
if(KURABE_SANITIZE)
    set(kurabe_test_optimization -O0)
endif()

# The same for tests, as executables are compiled; once GoogleTest is found.
function(kurabe_precompiled_for_tests)
    add_library(kurabe_precompiled_for_tests OBJECT ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
    set_target_properties(kurabe_precompiled_for_tests PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(kurabe_precompiled_for_tests
        PRIVATE -fPIE ${kurabe_test_optimization})
    target_link_libraries(kurabe_precompiled_for_tests
        PRIVATE kurabe_common kurabe_fmt GTest::gtest GTest::gmock)
    target_precompile_headers(kurabe_precompiled_for_tests
        PRIVATE ${kurabe_precompiled_headers} <gmock/gmock.h> <gtest/gtest.h>)
endfunction()

# kurabe_library(FOLDER [COMPUTES] [OWN_MACROS] HEADERS ... SOURCES ... PUBLIC ... PRIVATE ...): the
# target kurabe_FOLDER of the folder this is called in. PUBLIC are the Kurabe targets it builds on,
# PRIVATE foreign libraries; OWN_MACROS when these define macros that change common headers, which are
# then precompiled for the folder alone; COMPUTES is what kurabe_plain_optimization is not for.
function(kurabe_library folder)
    cmake_parse_arguments(PARSE_ARGV 1 ARG
        "COMPUTES;OWN_MACROS" "" "HEADERS;SOURCES;PUBLIC;PRIVATE")
    set(target kurabe_${folder})
    add_library(${target} STATIC ${ARG_SOURCES})
    # A header with a source of its own is that one's first include: it compiles by itself if that
    # compiles. The others are verified.
    set(with_source)
    set(alone)
    foreach(header IN LISTS ARG_HEADERS)
        string(REGEX REPLACE "[.]hpp$" ".cpp" source ${header})
        if(source IN_LIST ARG_SOURCES)
            list(APPEND with_source ${header})
        else()
            list(APPEND alone ${header})
        endif()
    endforeach()
    target_sources(${target} PUBLIC
        FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${with_source}
        FILE_SET headers_alone TYPE HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${alone})
    set_target_properties(${target} PROPERTIES INTERFACE_HEADER_SETS_TO_VERIFY headers_alone)
    target_link_libraries(${target} PUBLIC kurabe_common ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
    set(precompiled kurabe_precompiled)
    if(NOT ARG_COMPUTES)
        set(precompiled ${kurabe_precompiled_plain})
        target_compile_options(${target} PRIVATE ${kurabe_plain_optimization})
    endif()
    if(KURABE_PRECOMPILE)
        if(ARG_OWN_MACROS)
            target_precompile_headers(${target} PRIVATE ${kurabe_precompiled_headers})
        else()
            target_precompile_headers(${target} REUSE_FROM ${precompiled})
        endif()
        target_compile_options(${target} PRIVATE ${kurabe_precompiled_warnings})
    endif()
endfunction()

# kurabe_test(NAME [COUNTS_INSTRUCTIONS] [TIMEOUT SECONDS] [COST SECONDS] SOURCES ... LINKS ...): a
# GoogleTest program whose cases ctest lists one by one; those of a COST are begun first.
function(kurabe_test name)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "COUNTS_INSTRUCTIONS" "TIMEOUT;COST" "SOURCES;LINKS")
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    set(cost)
    if(ARG_COST)
        set(cost COST ${ARG_COST})
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE kurabe_common ${ARG_LINKS} GTest::gtest_main GTest::gmock)
    target_compile_definitions(${name} PRIVATE KURABE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    # What is tested is optimized as its preset says; the tests' own code, most of it templates of
    # GoogleTest that run once, compiles in half the time or, under the sanitizers, a third. Inline
    # functions may come from either, which matters to tests that count instructions.
    if(NOT ARG_COUNTS_INSTRUCTIONS)
        target_compile_options(${name} PRIVATE ${kurabe_test_optimization})
        target_precompile_headers(${name} REUSE_FROM kurabe_precompiled_for_tests)
        target_compile_options(${name} PRIVATE ${kurabe_precompiled_warnings})
    endif()
    if(KURABE_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # g++ 12 warns falsely of <regex> under the sanitizers (GCC bug 105562).
        target_compile_options(${name} PRIVATE -Wno-maybe-uninitialized)
    endif()
    gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
        PROPERTIES TIMEOUT ${ARG_TIMEOUT} ${cost}
        ENVIRONMENT "FONTCONFIG_FILE=${PROJECT_SOURCE_DIR}/tests/support/fonts.conf")
endfunction()

# kurabe_bench(NAME SOURCES ... LINKS ...): a program build/PRESET/bench/NAME.
function(kurabe_bench name)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LINKS")
    add_executable(bench_${name} ${ARG_SOURCES})
    set_target_properties(bench_${name} PROPERTIES OUTPUT_NAME ${name})
    target_link_libraries(bench_${name} PRIVATE kurabe_common ${ARG_LINKS})
endfunction()
