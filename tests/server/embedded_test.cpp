// What kurabe_embed compiled in is, byte for byte, what lies in the source tree.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "embedded_plugins.hpp"

namespace kurabe::server {
namespace {

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(EmbeddedPlugins, HoldTheBytesOfTheirFiles) {
    ASSERT_FALSE(embedded_plugins().empty());
    for (const EmbeddedFile& file : embedded_plugins()) {
        SCOPED_TRACE(file.name);
        const std::string expected =
            bytes_of(std::filesystem::path(KURABE_SOURCE_DIR) / "plugins" / file.name);
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
