// Makes small .rrd files for tests, as `rrdtool create` would, with all current rows 0.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "store/rrd/header.hpp"

namespace kurabe::tests {

class RrdBuilder {
  public:
    RrdBuilder(store::Seconds step, store::Time begin) : step_(step), begin_(begin) {}

    struct Source {
        std::string_view name;
        store::DsType type = store::DsType::kGauge;
        std::uint64_t heartbeat_s = 600;
        store::Value minimum = store::kUnknown;
        store::Value maximum = store::kUnknown;
    };
    RrdBuilder& add(const Source& source);
    RrdBuilder& add_compute(std::string_view name, std::string_view program);

    struct Rra {
        store::rrd::RraCf cf = store::rrd::RraCf::kAverage;
        std::uint64_t rows = 10;
        std::uint64_t pdp_per_row = 1;
        std::vector<store::rrd::Slot> parameters = {store::rrd::Slot::of_number(0.5)};
    };
    RrdBuilder& add(const Rra& rra);
    // HWPREDICT with its four companions, as create makes them.
    RrdBuilder& add_family(std::uint64_t rows, store::Value alpha, store::Value beta,
                           std::uint64_t period);

    [[nodiscard]] store::rrd::Header header() const;
    void write(const std::filesystem::path& path) const;

  private:
    store::Seconds step_;
    store::Time begin_;
    std::vector<store::rrd::SourceRecord> sources_;
    std::vector<store::rrd::RraRecord> rras_;
};

}  // namespace kurabe::tests
