// Pictures are kept within their room, drawn once for all, and not for nobody.
#include "server/picture_cache.hpp"

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/waiting.hpp"

namespace kurabe::server {
namespace {

constexpr store::Time kCachedNow{store::Seconds{1'000'000}};
constexpr store::Time kLater{store::Seconds{1'000'100}};

Picture picture(std::string bytes) {
    return {.bytes = std::move(bytes),
            .content_type = "image/png",
            .tag = "\"x\"",
            .fresh_until = kLater};
}

PictureCache::Draw drawing(const std::string& bytes) {
    return [bytes](const StillWanted&) { return std::optional(picture(bytes)); };
}

const StillWanted kWanted = [] { return true; };
const StillWanted kUnwanted = [] { return false; };

std::string bytes_of(const Result<PictureCache::Found>& found) {
    if (!found) return found.error().message;
    return *found == nullptr ? "nobody" : (*found)->bytes;
}

TEST(PictureCache, KeepsWhatIsFresh) {
    PictureCache cache(1 << 20);
    EXPECT_EQ(cache.find("a", kCachedNow), nullptr);
    EXPECT_EQ(bytes_of(cache.get("a", kCachedNow, kWanted, drawing("one"))), "one");
    EXPECT_EQ(bytes_of(cache.get("a", kCachedNow, kWanted, drawing("two"))), "one");
    EXPECT_EQ(cache.find("a", kCachedNow)->bytes, "one");
    EXPECT_EQ(bytes_of(cache.get("b", kCachedNow, kWanted, drawing("other"))), "other");
    EXPECT_EQ(bytes_of(cache.get("a", kLater, kWanted, drawing("two"))), "two");
    EXPECT_EQ(cache.find("a", kLater), nullptr);
    EXPECT_EQ(cache.counts().drawn, 3U);
}

TEST(PictureCache, ThrowsTheLeastRecentlyUsedAway) {
    constexpr std::size_t kRoom = 100'000;
    PictureCache cache(kRoom);
    const std::string large(20'000, 'x');
    const auto ask = [&](const std::string& key) {
        (void)cache.get(key, kCachedNow, kWanted, drawing(large));
        EXPECT_LE(cache.bytes(), kRoom);
    };
    for (const char* key : {"a", "b", "c", "d"}) ask(key);
    EXPECT_NE(cache.find("a", kCachedNow), nullptr);  // used
    ask("e");
    EXPECT_EQ(cache.find("b", kCachedNow), nullptr);
    EXPECT_NE(cache.find("a", kCachedNow), nullptr);
    for (int i = 0; i < 1000; ++i) ask("many" + std::to_string(i));
    EXPECT_GT(cache.bytes(), kRoom / 2);
    (void)cache.get("huge", kCachedNow, kWanted, drawing(std::string(kRoom, 'x')));
    EXPECT_EQ(cache.find("huge", kCachedNow), nullptr);
    PictureCache none(0);
    EXPECT_EQ(bytes_of(none.get("a", kCachedNow, kWanted, drawing("x"))), "x");
    EXPECT_EQ(none.bytes(), 0U);
}

// Calls get() for the same key on many threads, all of which are there while the first draws.
std::vector<std::string> ask_together(PictureCache& cache, const PictureCache::Draw& draw,
                                      std::size_t count) {
    std::vector<std::string> answers(count);
    const PictureCache::Draw once_all_wait = [&](const StillWanted& anybody) {
        EXPECT_TRUE(tests::wait_for([&] { return cache.counts().shared == count - 1; }));
        return draw(anybody);
    };
    {
        std::vector<std::jthread> threads;
        for (std::string& answer : answers) {
            threads.emplace_back([&] {
                try {
                    answer = bytes_of(cache.get("a", kCachedNow, kWanted, once_all_wait));
                } catch (const std::exception& error) {
                    answer = error.what();
                }
            });
        }
    }
    return answers;
}

TEST(PictureCache, DrawsOnceForAllWhoAskAtTheSameTime) {
    PictureCache cache(1 << 20);
    const auto answers = ask_together(cache, drawing("one"), 50);
    EXPECT_EQ(answers, std::vector<std::string>(50, "one"));
    EXPECT_EQ(cache.counts().drawn, 1U);
}

TEST(PictureCache, OneErrorIsForAllAndNotKept) {
    PictureCache cache(1 << 20);
    const PictureCache::Draw failing = [](const StillWanted&) -> Result<std::optional<Picture>> {
        return fail(ErrorCode::kDamaged, "damaged");
    };
    EXPECT_EQ(ask_together(cache, failing, 10), std::vector<std::string>(10, "damaged"));
    EXPECT_EQ(bytes_of(cache.get("a", kCachedNow, kWanted, drawing("one"))), "one");
}

TEST(PictureCache, AnExceptionLeavesNobodyWaiting) {
    PictureCache cache(1 << 20);
    const PictureCache::Draw throwing = [](const StillWanted&) -> Result<std::optional<Picture>> {
        throw std::runtime_error("on purpose");
    };
    const auto answers = ask_together(cache, throwing, 10);
    EXPECT_EQ(std::ranges::count(answers, "on purpose"), 1);
    EXPECT_EQ(std::ranges::count(answers, "drawing failed; the log has the reason"), 9);
    EXPECT_EQ(bytes_of(cache.get("a", kCachedNow, kWanted, drawing("one"))), "one");
}

// As drawing does that has waited for a renderer.
std::optional<Picture> if_wanted(const StillWanted& anybody) {
    return anybody() ? std::optional(picture("drawn")) : std::nullopt;
}

TEST(PictureCache, DrawsNothingForNobody) {
    PictureCache cache(1 << 20);
    EXPECT_EQ(bytes_of(cache.get("a", kCachedNow, kUnwanted, if_wanted)), "nobody");
    EXPECT_EQ(cache.find("a", kCachedNow), nullptr);
    EXPECT_EQ(bytes_of(cache.get("a", kCachedNow, kWanted, if_wanted)), "drawn");
}

TEST(PictureCache, DrawsWhenOneOfThemStillWaits) {
    PictureCache cache(1 << 20);
    std::string of_other;
    std::jthread other;
    const PictureCache::Draw draw = [&](const StillWanted& anybody) {
        EXPECT_FALSE(anybody());
        other = std::jthread(
            [&] { of_other = bytes_of(cache.get("a", kCachedNow, kWanted, drawing("anew"))); });
        EXPECT_TRUE(tests::wait_for([&] { return cache.counts().shared == 1; }));
        return if_wanted(anybody);
    };
    EXPECT_EQ(bytes_of(cache.get("a", kCachedNow, kUnwanted, draw)), "drawn");
    other.join();
    EXPECT_EQ(of_other, "drawn");
}

// Came between the question and the end.
TEST(PictureCache, WhoComesTooLateForWhatIsGivenUpGetsItDrawn) {
    PictureCache cache(1 << 20);
    std::string of_other;
    std::jthread other;
    const PictureCache::Draw draw = [&](const StillWanted& anybody) {
        auto given_up = if_wanted(anybody);
        other = std::jthread(
            [&] { of_other = bytes_of(cache.get("a", kCachedNow, kWanted, drawing("anew"))); });
        EXPECT_TRUE(tests::wait_for([&] { return cache.counts().shared == 1; }));
        return given_up;
    };
    EXPECT_EQ(bytes_of(cache.get("a", kCachedNow, kUnwanted, draw)), "nobody");
    other.join();
    EXPECT_EQ(of_other, "anew");
}

}  // namespace
}  // namespace kurabe::server
