// The same updates to rrdtool and to ours, from the same file on: every byte of the file and every
// text must be the same after every command. Prints the seed of a history that differs.
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/rrd/header.hpp"
#include "tests/differential/rrd_history.hpp"
#include "tests/differential/rrd_schema.hpp"
#include "tests/differential/rrd_twin.hpp"
#include "tests/support/files.hpp"
#include "tests/support/nightly.hpp"

namespace kurabe::tests {
namespace {

bool fails_at_a_reading(const RrdTwin::Answer& answer) {
    const auto has = [&](std::string_view words) {
        return answer.text.find(words) != std::string::npos;
    };
    return !answer.ok && (has("Function update_pdp_prep") || has("not a simple"));
}

std::string without_readings(const std::filesystem::path& path) {
    std::string bytes = read_file(path);
    const auto file = std::as_writable_bytes(std::span(bytes));
    auto header = store::rrd::decode_header(path.native(), file, file.size());
    if (!header) return header.error().message;
    for (store::rrd::PdpRecord& pdp : header->pdps) pdp.last_reading = {};
    store::rrd::encode_header(*header, file.first(header->bytes()));
    return bytes;
}

class RrdUpdate : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    }

    // A random file and a random history of `commands` commands.
    void expect_same_history(std::uint64_t seed, const RrdSchema::Options& options, int commands,
                             int version = store::rrd::kVersionMax) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        Random random(seed);
        const RrdSchema schema = RrdSchema::make(random, options);
        const std::string create = schema.create_command("a.rrd");
        SCOPED_TRACE(create);
        twin_.make_shared(create, "a.rrd");
        if (version < store::rrd::kVersionOfMicros) {
            lower_version(twin_.ours() / "a.rrd", version);
            twin_.copy_to_theirs("a.rrd");
        }
        RrdHistory history(schema, random);
        for (int i = 0; i < commands && !HasFailure(); ++i) {
            const std::string verb = one_in(random, 3) ? "updatev" : "update";
            const std::string command = fmt::format("{} a.rrd{}", verb, history.next());
            SCOPED_TRACE(command);
            const auto answer = twin_.expect_same(command);
            if (fails_at_a_reading(answer)) {
                expect_same_but_readings();
            } else {
                twin_.expect_same_bytes("a.rrd");
            }
            ++compared_;
        }
    }

    // rrdtool keeps the readings that came before a wrong one of an argument; we undo them.
    void expect_same_but_readings() {
        EXPECT_TRUE(without_readings(twin_.ours() / "a.rrd") ==
                    without_readings(twin_.theirs() / "a.rrd"));
        twin_.copy_to_theirs("a.rrd");
    }

    RrdTwin twin_;
    int compared_ = 0;
};

TEST_F(RrdUpdate, RandomHistories) {
    const int files = is_nightly() ? 600 : 120;
    for (int i = 0; i < files && !HasFailure(); ++i) {
        expect_same_history(static_cast<std::uint64_t>(1000 + i), {}, 25);
    }
    fmt::print("{} commands compared\n", compared_);
}

TEST_F(RrdUpdate, RandomHistoriesOfHoltWinters) {
    const int files = is_nightly() ? 300 : 60;
    for (int i = 0; i < files && !HasFailure(); ++i) {
        expect_same_history(static_cast<std::uint64_t>(5000 + i), {.holt_winters = true}, 60);
    }
    fmt::print("{} commands compared\n", compared_);
}

// One file that both programs update in turn, beside one that only rrdtool knows.
TEST_F(RrdUpdate, BothProgramsTakeTurns) {
    for (std::uint64_t seed = 7000; seed < 7010 && !HasFailure(); ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        Random random(seed);
        const RrdSchema schema = RrdSchema::make(random, {.holt_winters = seed % 2 == 0});
        twin_.make_shared(schema.create_command("a.rrd"), "a.rrd");
        const std::string shared = (twin_.ours() / "a.rrd").string();
        RrdHistory history(schema, random);
        for (int i = 0; i < 40; ++i) {
            const std::string words = history.next();
            const auto alone = twin_.run_theirs("update a.rrd" + words);
            const std::string command = "update " + shared + words;
            const auto in_turn = i % 2 == 0 ? twin_.run_ours(command) : twin_.run_theirs(command);
            ASSERT_EQ(in_turn.ok, alone.ok) << command;
            if (fails_at_a_reading(alone)) twin_.copy_to_theirs("a.rrd");
            twin_.expect_same_bytes("a.rrd");
        }
    }
}

TEST_F(RrdUpdate, RandomHistoriesOfOldVersions) {
    const int files = is_nightly() ? 100 : 10;
    for (int i = 0; i < files && !HasFailure(); ++i) {
        expect_same_history(static_cast<std::uint64_t>(9000 + i), {.holt_winters = i % 3 == 0}, 25,
                            1 + i % 2);
    }
    fmt::print("{} commands compared\n", compared_);
}

}  // namespace
}  // namespace kurabe::tests
