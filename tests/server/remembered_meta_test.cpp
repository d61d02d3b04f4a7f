// What is remembered of meta, and how much at most.
#include "server/remembered_meta.hpp"

#include <string>

#include <gtest/gtest.h>

namespace kurabe::server {
namespace {

TEST(RememberedMeta, KnowsWhatWasKeptUntilItsHostIsForgotten) {
    RememberedMeta meta;
    EXPECT_EQ(meta.find("a", "base"), nullptr);
    meta.keep("a", "base", {{"k", "1"}});
    meta.keep("a", "other", {});
    meta.keep("ab", "ase", {{"k", "2"}});
    ASSERT_NE(meta.find("a", "base"), nullptr);
    EXPECT_EQ(meta.find("a", "base")->at("k"), "1");
    ASSERT_NE(meta.find("a", "other"), nullptr) << "that there is none is known, too";
    EXPECT_EQ(meta.find("a", "third"), nullptr);
    meta.forget("a");
    EXPECT_EQ(meta.find("a", "base"), nullptr);
    EXPECT_EQ(meta.find("a", "other"), nullptr);
    ASSERT_NE(meta.find("ab", "ase"), nullptr);
}

TEST(RememberedMeta, IsOfSoManyPluginsAndSoShort) {
    RememberedMeta meta;
    meta.keep("long", "base", {{"k", std::string(kRememberedBytesMax, 'x')}});
    EXPECT_EQ(meta.find("long", "base"), nullptr);
    for (std::size_t i = 0; i < kRememberedMax; ++i) meta.keep(std::to_string(i), "base", {});
    EXPECT_NE(meta.find("0", "base"), nullptr);
    meta.keep("one more", "base", {});
    EXPECT_EQ(meta.find("0", "base"), nullptr);
    EXPECT_NE(meta.find("one more", "base"), nullptr);
    // What is forgotten makes room.
    for (std::size_t i = 1; i < kRememberedMax; ++i) meta.keep(std::to_string(i), "base", {});
    meta.forget("1");
    meta.keep("another", "base", {});
    EXPECT_NE(meta.find("one more", "base"), nullptr);
}

}  // namespace
}  // namespace kurabe::server
