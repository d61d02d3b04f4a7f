// The runner itself: what it must see, so that silence of other tests means something.
#include "tests/hostile/hostile_runner.hpp"

#include <csignal>
#include <new>
#include <stdexcept>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace kurabe::tests {
namespace {

TEST(HostileRunner, SeesSignalsHangsAndExceptionsAndGoesOn) {
    const auto failures = run_hostile(6,
                                      [](std::size_t index) {
                                          if (index == 1) ::raise(SIGKILL);
                                          if (index == 2) throw std::runtime_error("out of hand");
                                          if (index == 4) {
                                              for (;;) ::pause();
                                          }
                                          if (index == 5) ::_exit(3);
                                      },
                                      {.per_case = std::chrono::seconds{1}});
    ASSERT_EQ(failures.size(), 4);
    EXPECT_EQ(failures[0].index, 1);
    EXPECT_EQ(failures[0].what, "killed by signal 9");
    EXPECT_EQ(failures[1].what, "threw out of hand");
    EXPECT_EQ(failures[2].what, "still running after 1 s");
    EXPECT_EQ(failures[3].what, "ended with status 3");
}

TEST(HostileRunner, SeesThatTooMuchMemoryWasWanted) {
#ifdef KURABE_SANITIZED
    GTEST_SKIP() << "a sanitizer needs all address space there is";
#endif
    const auto failures =
        run_hostile(1, [](std::size_t) { std::vector<char> much(2ULL << 30, 'x'); });
    ASSERT_EQ(failures.size(), 1);
    EXPECT_EQ(failures[0].what, "threw std::bad_alloc");
}

TEST(HostileRunner, IsContentWithGoodCases) {
    EXPECT_TRUE(run_hostile(100, [](std::size_t) {}).empty());
}

}  // namespace
}  // namespace kurabe::tests
