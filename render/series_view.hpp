// A series as evaluation sees it: equal intervals and one value for each.
#pragma once

#include <cstdint>
#include <span>

#include "store/types.hpp"

namespace kurabe::render {

// values[i] is the value of the interval that ends at start + (i + 1) * step.
struct SeriesView {
    store::Time start;
    store::Seconds step{1};
    std::span<const store::Value> values;  // owned elsewhere

    [[nodiscard]] store::Time end() const {
        return start + step * static_cast<std::int64_t>(values.size());
    }
};

}  // namespace kurabe::render
