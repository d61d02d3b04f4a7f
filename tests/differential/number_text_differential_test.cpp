// The texts of numbers in a dump: any number can be written into a file by hand, and rrdtool prints
// it.
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <regex>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/number_text.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

double random_number(std::mt19937_64& random) {
    const auto below = [&random](std::uint64_t limit) { return random() % limit; };
    const double sign = below(4) == 0 ? -1 : 1;
    switch (below(6)) {
        case 0: {  // any bits
            const std::uint64_t bits = random() >> 2U;
            double value = 0;
            std::memcpy(&value, &bits, sizeof value);
            return value;
        }
        case 1:  // a tie of integers
            return sign * static_cast<double>(below(90'000'000'000) * 10 + 5);
        case 2:  // a tie of decimals
            return std::strtod(fmt::format("{}5e{}", 10'000'000'000 + below(90'000'000'000),
                                           static_cast<int>(below(600)) - 310)
                                   .c_str(),
                               nullptr);
        case 3:  // halves and quarters
            return sign * static_cast<double>(below(100'000'000'000)) /
                   static_cast<double>(1U << below(8));
        case 4:
            return sign * static_cast<double>(below(below(9) == 0 ? 1 : 1'000'000)) / 100;
        default:
            return std::strtod(
                fmt::format("9.9999999999{}e{}", below(100), static_cast<int>(below(600)) - 300)
                    .c_str(),
                nullptr);
    }
}

// Ties and what is next to a power of ten, of all sizes; 1e-14 is the one that scaling makes ten.
void add_of_all_sizes(std::vector<double>& numbers) {
    for (int exponent = -320; exponent <= 308; ++exponent) {
        for (const char* digits : {"1", "9.99999999995", "9.9999999999499", "-3.00000000005"}) {
            numbers.push_back(std::strtod(fmt::format("{}e{}", digits, exponent).c_str(), nullptr));
        }
    }
}

TEST(NumberTextDifferential, NumbersInDumps) {
    if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    const std::size_t count = is_nightly() ? 1'000'000 : 50'000;
    const unsigned seed = std::random_device()();
    fmt::print("seed {}\n", seed);
    std::mt19937_64 random(seed);
    std::vector<double> numbers(count);
    for (double& number : numbers) number = random_number(random);
    add_of_all_sizes(numbers);

    const TemporaryDirectory directory;
    const std::string file = (directory.path() / "a.rrd").string();
    RrdtoolProcess rrdtool;
    const auto created = rrdtool.run(fmt::format(
        "create {} -b 1000000000 DS:a:GAUGE:600:U:U RRA:LAST:0:1:{}", file, numbers.size()));
    ASSERT_TRUE(created.ok) << created.text;
    {
        // The current row, and then all rows, are the end of the file.
        std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
        const auto rows = static_cast<std::streamoff>(numbers.size() * sizeof(double));
        const std::uint64_t newest = numbers.size() - 1;
        stream.seekp(-rows - 8, std::ios::end);
        stream.write(reinterpret_cast<const char*>(&newest), sizeof newest);
        stream.write(reinterpret_cast<const char*>(numbers.data()), rows);
    }
    const auto dumped = rrdtool.run("dump " + file);
    ASSERT_TRUE(dumped.ok) << dumped.text;
    std::size_t at = 0;
    for (const double number : numbers) {
        at = dumped.text.find("<row><v>", at) + 8;
        const std::string theirs = dumped.text.substr(at, dumped.text.find('<', at) - at);
        std::string ours;
        store::append_number_text(ours, number);
        ASSERT_EQ(ours, theirs) << fmt::format("{:a}", number);
    }
}

}  // namespace
}  // namespace kurabe::tests
