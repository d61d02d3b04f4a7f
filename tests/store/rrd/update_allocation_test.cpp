// A program of its own, because it counts every allocation of the process: an update makes none.
#include <atomic>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "store/rrd/updater.hpp"
#include "tests/store/rrd/rrd_builder.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

std::atomic<int> allocations = 0;

}  // namespace

// Not inlined: g++ 12 would see a pair of `new` and `free`.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
    ++allocations;
    if (void* const memory = std::malloc(bytes)) return memory;
    throw std::bad_alloc();
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}

[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace kurabe::store::rrd {
namespace {

TEST(UpdateAllocations, AnUpdateAllocatesNothing) {
    const tests::TemporaryDirectory directory;
    const auto path = directory.path() / "a.rrd";
    tests::RrdBuilder(Seconds{60}, Time{Seconds{1'000'000'020}})
        .add({.name = "a"})
        .add({.name = "b", .type = DsType::kCounter})
        .add_compute("c", "a,b,+")
        .add(tests::RrdBuilder::Rra{})
        .add({.cf = RraCf::kMax, .rows = 5, .pdp_per_row = 3})
        .add_family(400, 0.5, 0.1, 300)  // smoothing a season takes room
        .write(path);
    auto updater = Updater::open(path);
    ASSERT_TRUE(updater);
    const ReadingOrder order = updater->usual_order();
    const TimeZone zone = TimeZone::utc();
    std::vector<std::string> arguments;
    for (int i = 1; i <= 60; ++i) {
        // The long way of counters, and a gap now and then.
        arguments.push_back(std::to_string(1'000'000'020 + 71 * i + 300 * (i / 9)) +
                            ":0.12345678901234567:1234567890123456789012345678" +
                            std::to_string(i % 10));
    }
    for (int i = 0; i < 60; ++i) {
        if (i == 20) allocations = 0;
        ASSERT_TRUE(
            updater->update(arguments[static_cast<std::size_t>(i)], order, {SampleTime{}, zone}));
        ASSERT_TRUE(updater->finish());
        updater->unlock();
        ASSERT_TRUE(updater->lock_again());
    }
    EXPECT_EQ(allocations, 0);
}

}  // namespace
}  // namespace kurabe::store::rrd
