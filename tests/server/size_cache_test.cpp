// The memory of image sizes stays small, whatever names requests bring.
#include "server/size_cache.hpp"

#include <gtest/gtest.h>

namespace kurabe::server {
namespace {

// Keys of `bytes` bytes that differ.
std::string key_of(int number, std::size_t bytes) {
    std::string key = std::to_string(number);
    key.resize(bytes, ' ');
    return key;
}

TEST(SizeCache, GivesBackWhatItKeeps) {
    SizeCache cache;
    cache.keep("a", {500, 200});
    ASSERT_TRUE(cache.find("a").has_value());
    EXPECT_EQ(cache.find("a")->width_px, 500);
    EXPECT_EQ(cache.find("a")->height_px, 200);
    EXPECT_FALSE(cache.find("b").has_value());
}

TEST(SizeCache, HoldsNoMoreBytesOfKeysThanItsLimit) {
    constexpr std::size_t kKeyBytes = 1 << 20;
    constexpr int kKeys = 100;
    SizeCache cache;
    for (int number = 0; number < kKeys; ++number) cache.keep(key_of(number, kKeyBytes), {1, 1});
    std::size_t kept = 0;
    for (int number = 0; number < kKeys; ++number) {
        kept += cache.find(key_of(number, kKeyBytes)).has_value() ? kKeyBytes : 0;
    }
    EXPECT_LE(kept, SizeCache::kKeyBytesMax);
    EXPECT_TRUE(cache.find(key_of(kKeys - 1, kKeyBytes)).has_value());
}

TEST(SizeCache, AKeyOverTheLimitLeavesTheOthersAlone) {
    SizeCache cache;
    cache.keep("a", {500, 200});
    cache.keep(key_of(0, SizeCache::kKeyBytesMax + 1), {1, 1});
    EXPECT_TRUE(cache.find("a").has_value());
}

}  // namespace
}  // namespace kurabe::server
