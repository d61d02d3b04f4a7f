// Bodies that come steadily, slowly, and not at all.
#include "server/body_pace.hpp"

#include <optional>

#include <gtest/gtest.h>

namespace kurabe::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr BodyPace::Clock::time_point kBegin{std::chrono::hours{5}};

// When a sender of so many bytes every `interval` is cut; none when all of it comes before.
std::optional<milliseconds> cut(std::size_t bytes, std::size_t piece, milliseconds interval) {
    const BodyPace pace(BodyLimits{}, kBegin);
    auto now = kBegin;
    for (std::size_t received = 0; received < bytes; received += piece) {
        const auto deadline = pace.deadline(received, now);
        now += interval;
        if (now > deadline) return std::chrono::floor<milliseconds>(deadline - kBegin);
    }
    return std::nullopt;
}

TEST(BodyPace, AllowsWhatComesSteadily) {
    EXPECT_EQ(cut(1 << 20, 6'500, milliseconds{100}), std::nullopt);  // 65 kB/s
    EXPECT_EQ(cut(1 << 20, 5'000, seconds{1}), std::nullopt);         // 5 kB/s, 210 s
    EXPECT_EQ(cut(16 << 20, 60'000, seconds{1}), std::nullopt);
}

TEST(BodyPace, CutsWhoSendsNothing) {
    EXPECT_EQ(cut(1000, 0, seconds{11}), seconds{10});
    const BodyPace pace(BodyLimits{}, kBegin);  // however much came before
    EXPECT_EQ(pace.deadline(16 << 20, kBegin + seconds{1}), kBegin + seconds{11});
}

TEST(BodyPace, CutsWhoDribbles) {
    EXPECT_EQ(cut(1 << 20, 1, seconds{1}), milliseconds{10'002});
    EXPECT_EQ(cut(1 << 20, 2'000, seconds{1}), milliseconds{19'500});
    EXPECT_EQ(cut(16 << 20, 40'000, seconds{1}), seconds{300});
}

}  // namespace
}  // namespace kurabe::server
