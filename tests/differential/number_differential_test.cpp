// Number texts, right and wrong, to the parser and to rrdtool.
#include <bit>
#include <filesystem>
#include <iterator>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/number.hpp"
#include "tests/differential/rrd_file.hpp"
#include "tests/differential/schedule.hpp"
#include "tests/support/files.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

using namespace store;

std::string some_digits(Random& random, std::int64_t count_max) {
    std::string text;
    for (std::int64_t count = pick(random, 0, count_max); count > 0; --count) {
        text += static_cast<char>('0' + pick(random, 0, 9));
    }
    return text;
}

// Mostly of the grammar, often broken by one piece. No blanks and quotes: they would split words.
std::string number_like(Random& random) {
    std::string text;
    if (one_in(random, 4)) text += one_in(random, 2) ? "-" : "+";
    if (one_in(random, 30)) return text + (one_in(random, 2) ? "NaN" : "inFinity");
    text += some_digits(random, 25);
    if (one_in(random, 2)) text += "." + some_digits(random, one_in(random, 20) ? 1100 : 25);
    if (one_in(random, 3)) {
        text += one_in(random, 2) ? "e" : "E";
        if (one_in(random, 2)) text += one_in(random, 3) ? "+" : "-";
        text += some_digits(random, one_in(random, 3) ? 4 : 2);
    }
    if (one_in(random, 12)) {
        static constexpr std::string_view kTails = "x,.-+eEnU_";
        text += kTails[static_cast<std::size_t>(pick(random, 0, 9))];
    }
    return text;
}

TEST(NumberDifferential, EveryTextReadsAsRrdtoolReadsIt) {
    if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    const TemporaryDirectory directory;
    const std::string rrd = (directory.path() / "a.rrd").string();
    RrdtoolProcess rrdtool;
    ASSERT_TRUE(rrdtool
                    .run("create " + rrd +
                         " --start 1300000200 --step 300 "
                         "DS:n:ABSOLUTE:600:U:U RRA:LAST:0:1:1")
                    .ok);
    const std::string fresh = read_file(rrd);
    Random random(20260731);
    for (int i = 0; i < 3000; ++i) {
        const std::string text = number_like(random);
        if (text.starts_with('U') || text.empty()) continue;
        // ABSOLUTE stores the number itself as the amount of the open step.
        (void)directory.write("a.rrd", fresh);
        const auto theirs = rrdtool.run("update " + rrd + " 1300000201:" + text);
        const auto ours = parse_number(text);
        ASSERT_EQ(ours.has_value(), theirs.ok) << text << ": " << theirs.text;
        if (!ours) {
            EXPECT_TRUE(theirs.text.ends_with(ours.error().message))
                << "ours: " << ours.error().message << "\ntheirs: " << theirs.text;
            continue;
        }
        const double stored = RrdFile::read(rrd).pdp_value;
        if (is_unknown(*ours)) {
            EXPECT_TRUE(is_unknown(stored)) << text;
        } else {
            EXPECT_EQ(std::bit_cast<std::uint64_t>(*ours), std::bit_cast<std::uint64_t>(stored))
                << text << ": ours " << *ours << ", rrdtool " << stored;
        }
    }
}

}  // namespace
}  // namespace kurabe::tests
