// The worked example of docs/format.md: every line of bytes in the page is what the code writes.
// KURABE_REWRITE=1 writes the page's lines anew for review.
#include <charconv>
#include <cstdlib>
#include <sstream>

#include <fmt/format.h>

#include "tests/store/archive_fixture.hpp"

namespace kurabe::store {
namespace {

class FormatTest : public ArchiveFixture {
  protected:
    // The archive that the page describes.
    std::string make_example() {
        const Retention retention{
            .rings = {{1, 4, {Cf::kAverage}}, {2, 3, {Cf::kAverage, Cf::kMax}}}};
        auto archive = HostArchive::create(path(), {.retention = retention,
                                                    .columns = 1,
                                                    .values_per_run = 2});
        EXPECT_TRUE(archive);
        for (const std::int64_t minute : {0, 1, 2, 3}) {
            const SampleTime time = kBegin + kMinute * minute;
            const std::vector<Sample> samples{
                {"base", "load.gauge", RawValue::of(static_cast<double>(minute) + 0.5), time},
                {"base", "rx.derive", RawValue::of_integer(6000 * minute), time}};
            EXPECT_TRUE(tests::append(*archive, "host", samples));
        }
        EXPECT_TRUE(archive->checkpoint());
        return read_file();
    }
};

constexpr std::size_t kOffsetDigits = 6;
constexpr std::size_t kBytesPerLine = 16;

bool is_hex_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// "00b000  01 02 ...": the offset, when the line is one of bytes.
std::optional<std::size_t> offset_of(const std::string& line) {
    if (line.size() < kOffsetDigits + 4 || line.substr(kOffsetDigits, 2) != "  ") return {};
    for (std::size_t i = 0; i < kOffsetDigits; ++i) {
        if (!is_hex_digit(line[i])) return {};
    }
    std::size_t offset = 0;
    std::from_chars(line.data(), line.data() + kOffsetDigits, offset, 16);
    return offset;
}

std::string line_of(const std::string& file, std::size_t offset) {
    std::string line = fmt::format("{:06x} ", offset);
    for (std::size_t i = offset; i < offset + kBytesPerLine; ++i) {
        line += fmt::format(" {:02x}", static_cast<unsigned char>(file.at(i)));
    }
    return line;
}

TEST_F(FormatTest, TheWorkedExampleOfThePageIsWhatIsWritten) {
    const std::string page_path = KURABE_SOURCE_DIR "/docs/format.md";
    const std::string file = make_example();
    std::ifstream page(page_path);
    std::string rewritten;
    std::string line;
    int lines = 0;
    while (std::getline(page, line)) {
        const auto offset = offset_of(line);
        const std::string expected = offset ? line_of(file, *offset) : line;
        if (offset) ++lines;
        rewritten += expected + '\n';
        if (std::getenv("KURABE_REWRITE") == nullptr) {
            EXPECT_EQ(line, expected);
        }
    }
    EXPECT_GT(lines, 20);
    if (std::getenv("KURABE_REWRITE") != nullptr) std::ofstream(page_path) << rewritten;
}

TEST_F(FormatTest, TheWorkedExampleReadsAsThePageSays) {
    make_example();
    const HostArchive archive = open();
    ASSERT_EQ(archive.columns().size(), 2);
    EXPECT_EQ(archive.columns()[0].key, "load.gauge");
    EXPECT_TRUE(archive.columns()[1].last_raw.integer == 18'000);
    const auto rates =
        archive.fetch({"base", "rx.derive"}, {.start = kBegin, .end = kBegin + kMinute * 3});
    ASSERT_TRUE(rates);
    EXPECT_EQ(rates->values[0], 100);
    EXPECT_EQ(rates->values[2], 100);
}

}  // namespace
}  // namespace kurabe::store
