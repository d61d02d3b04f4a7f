// A small host archive in a temporary directory, and samples for it.
#pragma once

#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/archive_state.hpp"
#include "store/bus_guard.hpp"
#include "store/host_archive.hpp"
#include "tests/support/archive_append.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store {

inline constexpr Seconds kMinute{60};
inline constexpr Time kBegin{Seconds{1'700'000'100}};  // on the grid of five minutes

inline Retention small_retention() {
    return {.rings = {{1, 10, {Cf::kAverage}}, {3, 8, {Cf::kAverage, Cf::kMin, Cf::kMax}}}};
}

inline Sample sample(const std::string& key, RawValue value, SampleTime time) {
    return {.plugin = "plugin", .key = key, .value = value, .time = time};
}

inline Sample gauge(const std::string& name, double value, std::int64_t minute) {
    return sample(name + ".gauge", RawValue::of(value), kBegin + kMinute * minute);
}

class ArchiveFixture : public testing::Test {
  protected:
    static constexpr std::uint32_t kFewValues = 4;

    void SetUp() override { BusGuard::install(); }

    HostArchive create(const Retention& retention = small_retention(), std::size_t columns = 1) {
        auto archive = HostArchive::create(
            path(),
            {.retention = retention, .columns = columns, .values_per_run = kFewValues});
        if (!archive) throw std::runtime_error(archive.error().message);
        return std::move(*archive);
    }
    HostArchive open() {
        auto archive = HostArchive::open(path(), MappedFile::Access::kWrite);
        if (!archive) throw std::runtime_error(archive.error().message);
        return std::move(*archive);
    }
    static AppendReport append(HostArchive& archive, const std::vector<Sample>& samples) {
        auto report = tests::append(archive, "host", samples);
        if (!report) throw std::runtime_error(report.error().message);
        return std::move(*report);
    }
    // Rows up to and including minute `last`, oldest first.
    static std::vector<Value> fetch(const HostArchive& archive, const std::string& key,
                                    std::int64_t first, std::int64_t last, Cf cf = Cf::kAverage,
                                    Seconds resolution = kMinute) {
        auto fetched = archive.fetch({"plugin", key}, {.cf = rra_cf_of(cf),
                                                       .start = kBegin + kMinute * first,
                                                       .end = kBegin + kMinute * last,
                                                       .resolution = resolution});
        if (!fetched) throw std::runtime_error(fetched.error().message);
        fetched->values.pop_back();  // the added row after the last one
        return fetched->values;
    }
    // Everything that a later sample or fetch can depend on, as bytes.
    static std::vector<std::byte> state_of(const HostArchive& archive) {
        return encode_state({.sequence = 1}, archive.columns());
    }
    std::string read_file() const {
        std::ifstream file(path(), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void write_file(const std::string& bytes) const {
        std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
    }
    [[nodiscard]] std::filesystem::path path() const { return directory_.path() / "a.kurabe"; }

    tests::TemporaryDirectory directory_;
};

}  // namespace kurabe::store
