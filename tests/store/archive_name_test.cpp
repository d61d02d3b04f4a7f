// Host names as file names.
#include "store/archive_name.hpp"

#include <gtest/gtest.h>

namespace kurabe::store {
namespace {

TEST(ArchiveName, EncodesEverythingThatCouldBeAPath) {
    EXPECT_EQ(archive_name_of("db-1.example_net"), "db-1.example_net.kurabe");
    EXPECT_EQ(archive_name_of(".."), "%2E..kurabe");
    EXPECT_EQ(archive_name_of("a b%"), "a%20b%25.kurabe");
    EXPECT_EQ(archive_name_of("fe80::1"), "fe80%3A%3A1.kurabe");
    EXPECT_EQ(archive_name_of("比"), "%E6%AF%94.kurabe");
}

TEST(ArchiveName, RefusesNamesThatAreNoHosts) {
    for (const std::string& host : {std::string(), std::string("a/b"), std::string("a\0b", 3),
                                    std::string(129, 'a'), std::string(100, ':')}) {
        const auto name = archive_name_of(host);
        ASSERT_FALSE(name) << host;
        EXPECT_EQ(name.error().code, ErrorCode::kInvalid);
    }
}

TEST(ArchiveName, ReadsBackAsTheHost) {
    for (const char* host : {"a", "..", "a b%", "比", ".kurabe", "x.new"}) {
        EXPECT_EQ(host_of_archive_name(*archive_name_of(host)), host);
    }
}

TEST(ArchiveName, OtherFilesAreNoArchives) {
    for (const char* name : {"", ".kurabe", "a", "a.kurabe.new", "%2.kurabe", "%zz.kurabe",
                             "%41.kurabe", "a b.kurabe", ".a.kurabe", "%e6%af%94.kurabe"}) {
        EXPECT_EQ(host_of_archive_name(name), std::nullopt) << name;
    }
}

}  // namespace
}  // namespace kurabe::store
