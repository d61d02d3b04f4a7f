// Compares, and writes what differs.
#include "tests/support/golden.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "render/png.hpp"
#include "tests/support/files.hpp"

namespace kurabe::tests {
namespace {

using render::Pixels;

// A few pixels may differ by a shade where a library's version rounds otherwise.
constexpr std::size_t kDifferentPixelsMax = 50;

void write_file(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

std::size_t count_differences(const Pixels& actual, const Pixels& expected, Pixels& difference) {
    difference = {actual.size, std::vector<std::uint32_t>(actual.rgb.size(), 0xFFFFFF)};
    if (actual.size != expected.size) return actual.rgb.size();
    std::size_t count = 0;
    for (std::size_t i = 0; i < actual.rgb.size(); ++i) {
        if (actual.rgb[i] == expected.rgb[i]) continue;
        difference.rgb[i] = 0xFF0000;
        ++count;
    }
    return count;
}

}  // namespace

void expect_golden(const std::string& name, const std::string& bytes) {
    const std::string path = fmt::format("{}/tests/golden/{}.png", KURABE_SOURCE_DIR, name);
    if (std::getenv("KURABE_REWRITE") != nullptr) {
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        return write_file(path, bytes);
    }
    const auto actual = render::decode_png(bytes);
    const auto expected = render::decode_png(read_file(path));
    ASSERT_TRUE(actual.has_value()) << name << ": " << actual.error().message;
    ASSERT_TRUE(expected.has_value()) << path << ": " << expected.error().message;
    Pixels difference;
    const std::size_t count = count_differences(*actual, *expected, difference);
    if (count <= kDifferentPixelsMax) return;
    std::string file = name;
    std::ranges::replace(file, '/', '-');
    write_file(file + "-actual.png", bytes);
    write_file(file + "-difference.png", render::encode_png(difference).value());
    ADD_FAILURE() << name << ": " << count << " pixels differ; see " << file
                  << "-actual.png and -difference.png in "
                  << std::filesystem::current_path().string();
}

}  // namespace kurabe::tests
