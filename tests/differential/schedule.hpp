// Random archives and random samples, as text for rrdtool and as values for the store.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/retention.hpp"
#include "store/sample.hpp"
#include "tests/differential/random.hpp"

namespace kurabe::tests {

struct TimedText {
    std::string time;
    std::string value;
    store::SampleTime parsed_time;  // as rrdtool reads `time`
};

struct Schedule {
    store::Retention retention;
    store::DsType type;
    std::vector<TimedText> samples;  // some are not newer than the one before

    [[nodiscard]] static Schedule make(Random& random);
    [[nodiscard]] std::string create_command(const std::string& path) const;
    // `update -s`: old samples are skipped one by one.
    [[nodiscard]] std::string update_command(const std::string& path) const;
    [[nodiscard]] std::vector<store::Sample> store_samples() const;
    // The first `count` samples, and the others.
    [[nodiscard]] Schedule before(std::size_t count) const;
    [[nodiscard]] Schedule from(std::size_t count) const;
    [[nodiscard]] std::string key() const;
};

}  // namespace kurabe::tests
