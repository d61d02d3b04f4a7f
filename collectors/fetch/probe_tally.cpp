// Counts and sorts tries.
#include "collectors/fetch/probe_tally.hpp"

#include <algorithm>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace kurabe::collectors::fetch {
namespace {

std::string seconds_text(double microseconds) {
    return fmt::format("{:.7f}", microseconds / 1e6);
}

// Of an even number the mean of the two in the middle.
double median(const std::vector<std::chrono::microseconds>& sorted) {
    const std::size_t middle = sorted.size() / 2;
    const auto upper = static_cast<double>(sorted[middle].count());
    if (sorted.size() % 2 == 1) return upper;
    return (static_cast<double>(sorted[middle - 1].count()) + upper) / 2;
}

}  // namespace

void ProbeTally::add(const Result<TimedTry>& made) {
    ++tries_;
    if (!made) {
        reason_ = made.error().message;
        return;
    }
    times_.push_back(made->took);
    if (made->status != 0) status_ = made->status;
    if (made->certificate_end) certificate_end_ = made->certificate_end;
}

Answer ProbeTally::answer(store::Time now) const {
    constexpr double kSecondsPerDay = 86400;
    Answer answer;
    answer.rows.emplace_back();
    const auto column = [&answer](std::string name, std::string cell) {
        answer.columns.push_back(std::move(name));
        answer.rows.front().push_back(std::move(cell));
    };
    const std::size_t lost = tries_ - times_.size();
    column("tries", std::to_string(tries_));
    column("loss",
           fmt::format("{:g}", 100.0 * static_cast<double>(lost) / static_cast<double>(tries_)));
    if (!times_.empty()) {
        auto sorted = times_;
        std::ranges::sort(sorted);
        column("min", seconds_text(static_cast<double>(sorted.front().count())));
        column("median", seconds_text(median(sorted)));
        column("max", seconds_text(static_cast<double>(sorted.back().count())));
    }
    if (lost > 0) column("reason", reason_);
    if (status_ != 0) column("status", std::to_string(status_));
    if (certificate_end_) {
        const auto left = certificate_end_->time_since_epoch() - now.time_since_epoch();
        column("days_left",
               fmt::format("{:.2f}", std::chrono::duration<double>(left).count() / kSecondsPerDay));
        column("good_until", fmt::format("{:%Y-%m-%d %H:%M} UTC", *certificate_end_));
    }
    return answer;
}

}  // namespace kurabe::collectors::fetch
