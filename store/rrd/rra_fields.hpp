// The fields of an RRA's definition, "AVERAGE:0.5:1:2880", read one after the other.
// Rule and messages: rrdcreate(1), RRA, as measured on rrdtool 1.7.2 (tests/differential/).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/header.hpp"
#include "store/rrd/records.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

using RraFields = std::span<const std::string_view>;  // what follows the CF

// Between colons; empty ones are passed over, as in rrdtool.
[[nodiscard]] std::vector<std::string_view> split_rra_fields(std::string_view text);

// Takes fields from left to right and keeps the first error, so that they are read in a row and
// checked once. After an error every field reads as something harmless.
class RraFieldReader {
  public:
    // `least` fields, the CF among them, must be there.
    RraFieldReader(RraCf cf, RraFields fields, std::size_t least) noexcept
        : cf_(cf), fields_(fields), least_(least) {}

    [[nodiscard]] bool has_more() const noexcept { return taken_ < fields_.size(); }

    // How many things of that many seconds each; at least one.
    std::uint64_t count(std::string_view what, Seconds unit);
    std::uint64_t rows(Seconds resolution) { return count("row count", resolution); }
    // A number that `accepts`, such as an xff.
    Slot share(std::string_view what, const std::function<bool(double)>& accepts);
    // A number between 0 and 1, both excluded.
    Slot adaption(std::string_view what);
    // A number of rows that FAILURES looks at: 0...kWindowLengthMax.
    std::uint64_t window_count(std::string_view what);
    // The index of an RRA that is given by its number counted from one.
    Slot partner();
    // "smoothing-window=0.1"
    Slot smoothing_window();

    // Unless one was found before.
    void set_error(std::string message);
    // The first error; a field that is left is one.
    [[nodiscard]] Result<void> finish();

  private:
    std::string_view take();

    RraCf cf_;
    RraFields fields_;
    std::size_t least_;
    std::size_t taken_ = 0;
    std::optional<Error> error_;
};

}  // namespace kurabe::store::rrd
