// What a pipe takes along from one image to the other.
#include "cli/rrdtool/carried_pipe.hpp"

#include <cstdlib>
#include <filesystem>
#include <iterator>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

namespace kurabe::cli::rrdtool {
namespace {

constexpr const char* kVariable = "KURABE_CARRIED_PIPE";

std::ptrdiff_t open_files() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator{});
}

TEST(CarriedPipe, TakesWhatWasLeft) {
    const auto before = open_files();
    const auto started = std::chrono::steady_clock::now() - std::chrono::hours{3};
    using namespace std::string_literals;
    std::string unread(200'000, 'x');
    unread += "\ngraph \0\n half a line"s;  // a zero byte, too
    ASSERT_TRUE(leave(unread, started));
    const CarriedPipe carried = take_left();
    EXPECT_EQ(carried.unread, unread);
    EXPECT_EQ(carried.started, started);
    EXPECT_EQ(std::getenv(kVariable), nullptr);
    EXPECT_EQ(open_files(), before);
    EXPECT_EQ(take_left().unread, "");
}

TEST(CarriedPipe, WhatWasLeftCanBeForgotten) {
    const auto before = open_files();
    ASSERT_TRUE(leave("graph\n", {}));
    forget_left();
    EXPECT_EQ(open_files(), before);
    EXPECT_EQ(take_left().unread, "");
    forget_left();
}

// Such as one that a user's environment had for another process.
TEST(CarriedPipe, ADescriptorOfSomethingElseStaysOpen) {
    const int file = ::memfd_create("other", MFD_ALLOW_SEALING);
    ASSERT_GT(file, STDERR_FILENO);
    ASSERT_EQ(::write(file, "last a.rrd\n", 11), 11);
    const auto before = open_files();
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, file}) {
        ::setenv(kVariable, (std::to_string(descriptor) + " 0").c_str(), 1);
        EXPECT_EQ(take_left().unread, "") << descriptor;
        EXPECT_EQ(open_files(), before) << descriptor;
        EXPECT_EQ(std::getenv(kVariable), nullptr);
    }
    ::close(file);
}

TEST(CarriedPipe, AVariableOfAnotherMeaningIsNone) {
    for (const char* text : {"", "x", "7", "7 ", "7 x", "-1 5", "999999 5", "99999999999999 1"}) {
        ::setenv(kVariable, text, 1);
        EXPECT_EQ(take_left().unread, "") << text;
    }
    ::unsetenv(kVariable);
}

}  // namespace
}  // namespace kurabe::cli::rrdtool
