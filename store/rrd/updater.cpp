// Text -> PDPs -> rows -> file.
#include "store/rrd/updater.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "store/rrd/cdp_stage.hpp"
#include "store/rrd/season_smoother.hpp"

namespace kurabe::store::rrd {

Result<Updater> Updater::open(const std::filesystem::path& path, const LockWait& wait) {
    auto archive = Archive::open(path, File::Access::kWrite, wait);
    if (!archive) return std::unexpected(archive.error());
    auto plan = UpdatePlan::of(archive->header());
    if (!plan) return std::unexpected(plan.error());
    return Updater(std::move(*archive), std::move(*plan));
}

Result<void> Updater::check_time(const UpdateTime& time) const {
    const LiveRecord& live = header().live;
    if (time <= UpdateTime{live.last_update_seconds, live.last_update_micros}) {
        return fail(ErrorCode::kOutdated,
                    fmt::format("illegal attempt to update using time {} when last update time is "
                                "{} (minimum one second step)",
                                time.seconds, live.last_update_seconds));
    }
    if (time.seconds >= kSpanMax_s) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("time {} is too far in the future", time.seconds));
    }
    return {};
}

// Into the state of the archive and rows_.
Result<void> Updater::compute(SampleTime now, std::span<const std::string_view> readings,
                              Time clock) {
    rows_.clear();
    Header& state = archive_.state();
    const auto closed =
        pdp_stage_.run(plan_, {.last = state.last_update(), .now = now}, readings, clock, state);
    if (!closed) return std::unexpected(closed.error());
    for (const ClosedPdps& pdps : *closed) {
        if (plan_.has_holt_winters) {
            if (auto read = seasons_.read(plan_, archive_, rows_, pdps.count); !read) return read;
        }
        const bool due = close_rows(plan_, pdps, seasons_, state, rows_);
        smoothing_is_due_ = smoothing_is_due_ || due;
    }
    state.set_last_update(now);
    return {};
}

Result<void> Updater::update(UpdateTime time, std::span<const std::string_view> readings,
                             Time clock) {
    assert(readings.size() == plan_.sources.size());
    // Old files know whole seconds only, and so do updates of them.
    if (header().version < kVersionOfMicros) time.micros = 0;
    if (auto checked = check_time(time); !checked) return checked;
    const SampleTime now{Seconds{time.seconds} + std::chrono::microseconds{time.micros}};
    const bool was_due = smoothing_is_due_;
    if (auto computed = compute(now, readings, clock); !computed) {
        smoothing_is_due_ = was_due;
        const auto discarded = archive_.discard();
        return discarded ? computed : discarded;
    }
    return archive_.commit(rows_);
}

Result<void> Updater::update(std::string_view argument, const ReadingOrder& order,
                             const UpdateClock& clock) {
    if (auto parsed = parse_update(argument, order, plan_.sources.size(), clock, argument_);
        !parsed) {
        return parsed;
    }
    return update(argument_.time, argument_.readings, std::chrono::floor<Seconds>(clock.now));
}

Result<void> Updater::smooth_season(std::size_t rra) {
    const std::uint64_t reach = smoothing_reach(header(), rra);
    if (reach == 0) return {};
    const std::size_t sources = plan_.sources.size();
    season_.resize(plan_.rras[rra].rows * sources);
    if (auto read = archive_.read_rows(rra, 0, season_); !read) return read;
    if (std::ranges::any_of(season_, is_unknown)) return {};
    const std::size_t prediction = plan_.rras[rra].partner;
    for (std::size_t source = 0; source < sources; ++source) {
        const SeasonColumn column{season_, sources, source};
        smooth(column, reach);
        if (plan_.rras[rra].cf != RraCf::kSeasonal) continue;
        const bool multiplies = plan_.rras[prediction].cf == RraCf::kMhwPredict;
        const Value mean = take_mean(column, multiplies);
        Slot& intercept = archive_.state().cdp(prediction, source).slots[CdpRecord::kIntercept];
        intercept = Slot::of_number(intercept.number() + mean);
    }
    for (std::uint64_t row = 0; row < plan_.rras[rra].rows; ++row) {
        std::ranges::copy(std::span(season_).subspan(row * sources, sources),
                          rows_.add({.rra = rra, .row = row}).begin());
    }
    return {};
}

Result<void> Updater::finish() {
    if (!std::exchange(smoothing_is_due_, false)) return {};
    rows_.clear();
    for (std::size_t rra = 0; rra < plan_.rras.size(); ++rra) {
        if (!is_seasonal(plan_.rras[rra].cf)) continue;
        if (auto smoothed = smooth_season(rra); !smoothed) {
            const auto discarded = archive_.discard();
            return discarded ? smoothed : discarded;
        }
    }
    return archive_.commit(rows_);
}

Result<Updater::Definitions> Updater::lock_again(const LockWait& wait) {
    if (auto locked = archive_.lock_again(wait); !locked) return std::unexpected(locked.error());
    if (archive_.definitions() == definitions_) return Definitions::kSame;
    auto plan = UpdatePlan::of(header());
    if (!plan) {
        archive_.unlock();
        return std::unexpected(plan.error());
    }
    plan_ = std::move(*plan);
    rows_ = RowWrites(plan_.sources.size());
    definitions_ = archive_.definitions();
    return Definitions::kChanged;
}

}  // namespace kurabe::store::rrd
