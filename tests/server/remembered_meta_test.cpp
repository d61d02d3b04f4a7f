// What is remembered of meta, and how much at most.
#include "server/remembered_meta.hpp"

#include <string>

#include <gtest/gtest.h>

namespace kurabe::server {
namespace {

TEST(RememberedMeta, KnowsWhatWasKeptUntilItIsForgotten) {
    RememberedMeta meta;
    EXPECT_EQ(meta.find("a", "base"), nullptr);
    meta.keep("a", "base", {{"k", "1"}});
    meta.keep("a", "other", {});
    meta.keep("ab", "ase", {{"k", "2"}});
    ASSERT_NE(meta.find("a", "base"), nullptr);
    EXPECT_EQ(meta.find("a", "base")->at("k"), "1");
    ASSERT_NE(meta.find("a", "other"), nullptr) << "that there is none is known, too";
    EXPECT_EQ(meta.find("a", "third"), nullptr);
    meta.forget("a", "base");
    EXPECT_EQ(meta.find("a", "base"), nullptr);
    EXPECT_NE(meta.find("a", "other"), nullptr);
    EXPECT_NE(meta.find("ab", "ase"), nullptr);
    meta.keep("a", "other", {{"k", "3"}});
    EXPECT_EQ(meta.find("a", "other")->at("k"), "3");
    meta.forget("nobody", "base");
}

TEST(RememberedMeta, IsOfSoManyBytes) {
    RememberedMeta meta;
    const std::string half(kRememberedPluginBytesMax / 2, 'x');
    meta.keep("long", "base", {{"k", half}, {"l", half}});
    EXPECT_EQ(meta.find("long", "base"), nullptr);
    MetaMap many;
    for (int i = 0; i < 1000; ++i) many[std::to_string(i)];
    meta.keep("many", "base", many);
    EXPECT_EQ(meta.find("many", "base"), nullptr) << "what a map takes counts";
    meta.keep("first", "base", {});
    std::size_t kept = 0;
    for (; meta.find("first", "base") != nullptr; ++kept) {
        ASSERT_LT(kept, 2 * kRememberedBytesMax / half.size());
        meta.keep(std::to_string(kept), "base", {{"k", half}});
    }
    EXPECT_GT(kept, kRememberedBytesMax / half.size() / 2);
    EXPECT_NE(meta.find(std::to_string(kept - 1), "base"), nullptr);
    // What is forgotten makes room.
    for (std::size_t i = 0; i < 3 * kept; ++i) {
        meta.keep("again", "base", {{"k", half}});
        meta.forget("again", "base");
    }
    EXPECT_NE(meta.find(std::to_string(kept - 1), "base"), nullptr);
}

}  // namespace
}  // namespace kurabe::server
