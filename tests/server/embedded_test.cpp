// What kurabe_embed compiled in is, byte for byte, what lies in the source tree.
#include <filesystem>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "embedded_plugins.hpp"
#include "tests/support/files.hpp"

namespace kurabe::server {
namespace {

TEST(EmbeddedPlugins, HoldTheBytesOfTheirFiles) {
    ASSERT_FALSE(embedded_plugins().empty());
    for (const EmbeddedFile& file : embedded_plugins()) {
        SCOPED_TRACE(file.name);
        const std::string expected =
            tests::read_file(std::filesystem::path(KURABE_SOURCE_DIR) / "plugins" / file.name);
        EXPECT_FALSE(expected.empty());
        EXPECT_EQ(file.bytes, expected);
    }
}

TEST(EmbeddedPlugins, AreAllFilesOfTheFolder) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(
             std::filesystem::path(KURABE_SOURCE_DIR) / "plugins")) {
        if (entry.path().extension() == ".yml") ++files;
    }
    EXPECT_EQ(embedded_plugins().size(), files);
}

}  // namespace
}  // namespace kurabe::server
