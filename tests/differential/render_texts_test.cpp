// Times and durations of PRINT and GPRINT against rrdtool: every byte.
#include <random>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "tests/differential/random.hpp"
#include "tests/differential/render_fixture.hpp"
#include "tests/support/nightly.hpp"

namespace kurabe::tests {

namespace {

class TextDifferential : public RenderDifferential {
  protected:
    void SetUp() override {
        RenderDifferential::SetUp();
        const unsigned seed = std::random_device()();
        fmt::print("seed {}\n", seed);
        random_.seed(seed);
        create("x.rrd", 60, {"RRA:AVERAGE:0.5:1:200"}, {"1", "2", "3", "1", "2", "4", "1", "1"});
    }

    // A series "c" and a statistic "value" of one value, "max" with a time, "none" without either.
    [[nodiscard]] static std::vector<std::string> words(std::string_view value) {
        return {"-s",
                fmt::format("{}", kFirst),
                "-e",
                fmt::format("{}", kFirst + 480),
                "DEF:a={dir}/x.rrd:a:AVERAGE",
                "CDEF:n=a,UNKN,+",
                fmt::format("CDEF:c=a,POP,{},1,*", value),
                "VDEF:max=a,MAXIMUM",
                "VDEF:none=n,MAXIMUM",
                "VDEF:value=c,LAST"};
    }

    void expect_equal(const std::vector<std::string>& words) {
        EXPECT_EQ(fmt::format("{}", fmt::join(our_prints(words), "\n")),
                  fmt::format("{}", fmt::join(rrdtool_prints(words), "\n")))
            << fmt::format("'{}'", fmt::join(words, "' '"));
    }

    // Of strftime, but "%n", which the comparison by lines cannot have.
    std::string random_time_format() {
        constexpr std::string_view kFlags = "_-0^#";
        constexpr std::string_view kLetters = "aAbBcCdDeFgGhHIjklmMpPrRStTuUVwWxXyYz%QNEO";
        std::string format = "<";
        for (std::int64_t n = pick(random_, 0, 4); n >= 0; --n) {
            format += '%';
            while (one_in(random_, 4)) format += kFlags[random_() % kFlags.size()];
            if (one_in(random_, 4)) format += std::to_string(pick(random_, 0, 12));
            format += kLetters[random_() % kLetters.size()];
            format += choose<std::string>(random_, {"", " ", "-", "x"});
        }
        return format;
    }

    std::string random_duration_format() {
        auto format = choose<std::string>(random_, {"", "x ", "%%"});
        for (std::int64_t n = pick(random_, 1, 5); n > 0; --n) {
            format += choose<std::string>(random_, {"%", "%0"});
            if (one_in(random_, 2)) format += std::to_string(pick(random_, 0, 20));
            if (one_in(random_, 3)) format += fmt::format(".{}", pick(random_, 0, 12));
            format += choose<std::string>(
                random_, {"W", "d", "D", "h", "H", "m", "M", "s", "S", "f", "%", "f ", "H-"});
        }
        return format;
    }

    const int rounds_ = is_nightly() ? 1000 : 40;
    Random random_;
};

TEST_F(TextDifferential, EveryConversionOfStrftime) {
    for (int round = 0; round < rounds_; ++round) {
        auto arguments = words("1700012345.9");
        for (int i = 0; i < 20; ++i) {
            const std::string format = random_time_format();
            arguments.push_back(fmt::format("PRINT:{}:{}:strftime",
                                            choose<std::string>(random_, {"max", "none"}), format));
            arguments.push_back(
                fmt::format("PRINT:{}:{}:valstrftime",
                            choose<std::string>(random_, {"value", "none", "c:MAX"}), format));
        }
        expect_equal(arguments);
        if (HasFailure()) return;
    }
}

TEST_F(TextDifferential, ValuesAsTimes) {
    for (const char* const value :
         {"0", "-1", "-1.5", "1700000000.999", "253402300800", "1e12", "-62135596801", "1e15",
          "INF", "NEGINF", "UNKN", "1e19", "1e30", "-1e30"}) {
        auto arguments = words(value);
        for (const char* const print :
             {"PRINT:value::valstrftime", "PRINT:value:%C %y %G %g:valstrftime",
              "PRINT:c:MAX::valstrftime", "PRINT:value:text:valstrftime"}) {
            arguments.emplace_back(print);
        }
        expect_equal(arguments);
    }
}

TEST_F(TextDifferential, ValuesAsDurations) {
    const std::vector<std::string> values = {
        "0",    "-1",  "999.9999", "123456789.987", "-0.5",  "1e15",    "-90061001",
        "1e25", "INF", "UNKN",     "NEGINF",        "-1e19", "86400000"};
    for (int round = 0; round < rounds_; ++round) {
        auto arguments = words(choose(random_, values));
        for (int i = 0; i < 20; ++i) {
            arguments.push_back(
                fmt::format("PRINT:{}:{}:valstrfduration",
                            choose<std::string>(random_, {"value", "none", "c:MAX"}),
                            i == 0 ? "" : random_duration_format()));
        }
        expect_equal(arguments);
        if (HasFailure()) return;
    }
}

TEST_F(TextDifferential, WrongDurationsHaveRrdtoolsMessage) {
    for (const char* const format : {"%q", "abc%", "%5", "%-5D", "%lH", "% H", "%n", "%+H"}) {
        auto arguments = words("1");
        arguments.push_back(fmt::format("PRINT:value:{}:valstrfduration", format));
        expect_equal(arguments);
    }
}

}  // namespace

}  // namespace kurabe::tests
