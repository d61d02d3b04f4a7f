// When an argument is a series and when it is a file.
#include "cli/rrdtool/series_argument.hpp"

#include <array>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kOptions{kServerOption, kTokenFileOption, kDataOption};

Result<SeriesPlace> place(const std::vector<std::string>& words) {
    return series_place(parse_options(words, kOptions).value());
}

TEST(SeriesArgument, AnOptionDecides) {
    const std::vector<std::string> server = {"--server", "http://x"};
    const std::vector<std::string> data = {"--data=d"};
    for (const char* text : {"a/b/c.gauge", "a/b/c", "a.rrd", ""}) {
        EXPECT_TRUE(is_series(text, *place(server))) << text;
        EXPECT_TRUE(is_series(text, *place(data))) << text;
    }
}

TEST(SeriesArgument, WithoutOneItLooksLikeASeriesAndIsNoFile) {
    for (const char* text : {"10.0.0.1/base/loadavg-1.gauge", "h/p/k.counter", "h/p/k.derive",
                             "h/http:80:/status/k.absolute"}) {
        EXPECT_TRUE(is_series(text, *place({}))) << text;
    }
    for (const char* text : {"a.rrd", "h/p/k.rrd", "h/p/k", "p/k.gauge", "k.gauge",
                             "/var/lib/k.gauge", "./h/k.gauge", "h/p/.gauge/", "", "h//k.gauge"}) {
        EXPECT_FALSE(is_series(text, *place({}))) << text;
    }
    const tests::TemporaryDirectory directory;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(directory.path());
    directory.write("h/p/k.gauge", "");
    EXPECT_FALSE(is_series("h/p/k.gauge", *place({})));
    std::filesystem::current_path(before);
}

TEST(SeriesArgument, ThePlaceIsTheDefaultServerOrWhatIsGiven) {
    EXPECT_EQ(place({})->server, kDefaultServer);
    EXPECT_FALSE(place({})->data);
    const std::vector<std::string> server = {"--server", "http://x", "--server", "http://y"};
    EXPECT_EQ(place(server)->server, "http://y");
    const std::vector<std::string> data = {"--data", "d"};
    EXPECT_EQ(place(data)->data, "d");
    const std::vector<std::string> both = {"--data", "d", "--server", "http://x"};
    EXPECT_EQ(place(both).error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace kurabe::cli::rrdtool
