// Dashes along a path of whole pixels: which of the next pixels are drawn. A pixel is, when its
// middle lies on a dash.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "render/graph_definition.hpp"

namespace kurabe::render {

inline constexpr double kDashesOfAPathMax = 4000;
inline constexpr double kDashesPerColumnMax = 8;

// Whether a path has no more dashes than can be kept: so many, and a few for each of the columns
// that it goes up and down in. One of more is drawn solid: a noisy line over a large picture could
// have millions. The pattern is as for a DashWalk.
[[nodiscard]] inline bool has_few_dashes(const Dashes& dashes, double path_px,
                                         std::size_t columns) noexcept {
    const auto& pattern = dashes.on_off_px;
    const double dash_px = std::reduce(pattern.begin(), pattern.end()) /
                           std::ceil(static_cast<double>(pattern.size()) / 2);
    return path_px <=
           dash_px * (kDashesOfAPathMax + kDashesPerColumnMax * static_cast<double>(columns));
}

class DashWalk {
  public:
    // At the beginning of a path. The pattern has a length above 0, none below.
    explicit DashWalk(const Dashes& dashes) : lengths_(dashes.on_off_px) {
        if (lengths_.size() % 2 != 0) {  // what is on once is off the next time
            lengths_.insert(lengths_.end(), dashes.on_off_px.begin(), dashes.on_off_px.end());
        }
        for (const double length : lengths_) period_ += length;
        const double phase = std::fmod(dashes.offset_px, period_);
        end_ = lengths_[0];
        position_ = phase < 0 ? phase + period_ : phase;
    }

    void skip(int pixels) noexcept { position_ += pixels; }

    // Goes on by `pixels`; calls put(begin, end) for parts of them on dashes, 0 <= begin < end.
    template <typename Put>
    void parts(int pixels, const Put& put) {
        for (int at = 0; at < pixels;) {
            const double middle = position_ + at + 0.5;
            reach(middle);
            const double until = std::max(std::ceil(end_ - middle), 1.0);
            const int next = until < pixels - at ? at + static_cast<int>(until) : pixels;
            if (index_ % 2 == 0) put(at, next);
            at = next;
        }
        position_ += pixels;
    }

  private:
    // Makes `index_` the length that `position` lies on.
    void reach(double position) noexcept {
        if (position >= end_ + period_) {
            end_ += std::floor((position - end_) / period_) * period_;
        }
        for (std::size_t i = 0; position >= end_ && i <= lengths_.size(); ++i) {
            index_ = (index_ + 1) % lengths_.size();
            end_ += lengths_[index_];
        }
    }

    std::vector<double> lengths_;
    double period_ = 0;
    double position_ = 0;    // on the path, from where the pattern begins
    std::size_t index_ = 0;  // of the length that is being walked on
    double end_ = 0;         // where it ends
};

}  // namespace kurabe::render
