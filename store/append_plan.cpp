// Planning of an append.
#include "store/append_plan.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "store/archive_layout.hpp"
#include "store/sample_limits.hpp"

namespace kurabe::store {
namespace {

// Bytes of a name that an error message repeats.
constexpr std::size_t kShownBytesMax = 200;

std::int64_t seconds(SampleTime time) {
    return std::chrono::floor<Seconds>(time).time_since_epoch().count();
}

std::unexpected<Error> too_new(const Sample& sample, SampleTime newest) {
    return fail(ErrorCode::kInvalid,
                fmt::format("its time, {}, is in the future: up to {} is taken now; is a clock "
                            "wrong?",
                            seconds(sample.time), seconds(newest)));
}

class Planner {
  public:
    Planner(const AppendTarget& target, SampleTime newest)
        : layout_(target.layout),
          columns_(target.columns),
          names_(target.names),
          index_(target.index),
          newest_(newest),
          planned_(target.columns.size(), kNever) {
        plan_.record.columns_before = static_cast<std::uint32_t>(columns_.size());
    }

    // After it the last sample belongs into another record.
    [[nodiscard]] bool is_full() const noexcept { return is_full_; }

    // `number` is its place in the batch.
    Result<void> add(const Sample& sample, std::size_t number) {
        number_ = number;
        if (sample.time > newest_) return too_new(sample, newest_);
        const ColumnName name{sample.plugin, sample.key};
        const std::uint32_t known = find(name);
        return known == ColumnIndex::kNone ? add_new(name, sample) : add_known(known, sample);
    }

    [[nodiscard]] AppendPlan take() && { return std::move(plan_); }
    void reserve(std::size_t samples) { plan_.record.samples.reserve(samples); }

  private:
    static constexpr SampleTime kNever = SampleTime::min();

    // Collectors hand in a host's series in the same order every time: the column after the one
    // found last is mostly the right one.
    std::uint32_t find(const ColumnName& name) {
        const std::uint32_t guess = next_++;
        if (names_.is(guess, name)) return guess;
        std::uint32_t found = index_.find(name);
        if (found == ColumnIndex::kNone) found = new_index_.find(name);
        if (found != ColumnIndex::kNone) next_ = found + 1;
        return found;
    }

    DsType type_of(std::uint32_t column) const {
        return column < columns_.size() ? columns_[column].source.type
                                        : new_types_[column - columns_.size()];
    }

    Result<void> add_known(std::uint32_t column, const Sample& sample) {
        if (auto checked = check_reading(type_of(column), sample.value, sample.time); !checked) {
            return checked;
        }
        const bool is_first = planned_[column] == kNever;
        const SampleTime last = is_first ? columns_[column].last_time : planned_[column];
        if (sample.time == last) return std::unexpected(outdated(sample.time, last));
        if (sample.time < last) {
            plan_.late.push_back({column, sample.time, sample.value, last, number_});
            return {};
        }
        is_full_ = !is_first && layout_ != nullptr && layout_->blocks_left(last, sample.time) != 0;
        if (is_full_) return {};
        accept(column, sample);
        const SampleTime begin =
            column < columns_.size() ? columns_[column].last_time : first_time_of(column);
        plan_.advance = std::max(plan_.advance, sample.time - begin);
        return {};
    }

    SampleTime first_time_of(std::uint32_t column) const {
        return plan_.record.new_columns[column - columns_.size()].first_time;
    }

    Result<void> add_new(const ColumnName& name, const Sample& sample) {
        const auto type = check_new_series(name.plugin, name.key);
        if (!type) return std::unexpected(type.error());
        if (auto checked = check_reading(*type, sample.value, sample.time); !checked) {
            return checked;
        }
        const std::size_t column = planned_.size();
        if (column >= kColumnsMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("the host has {} series, more are not possible", kColumnsMax));
        }
        new_index_.add(name, static_cast<std::uint32_t>(column));
        new_types_.push_back(*type);
        plan_.record.new_columns.push_back({sample.plugin, sample.key, sample.time});
        planned_.push_back(kNever);
        accept(static_cast<std::uint32_t>(column), sample);
        return {};
    }

    void accept(std::uint32_t column, const Sample& sample) {
        planned_[column] = sample.time;
        plan_.record.samples.push_back({column, sample.time, sample.value});
    }

    const ArchiveLayout* layout_;
    std::span<const Column> columns_;
    const ColumnNames& names_;
    const ColumnIndex& index_;
    const SampleTime newest_;
    bool is_full_ = false;
    std::size_t number_ = 0;
    std::vector<SampleTime> planned_;  // the last accepted time of each column, or kNever
    ColumnIndex new_index_;
    std::vector<DsType> new_types_;
    std::uint32_t next_ = 0;
    AppendPlan plan_;
};

}  // namespace

Error outdated(SampleTime time, SampleTime last) {
    return {ErrorCode::kOutdated,
            fmt::format("illegal attempt to update using time {} when last update time is {} "
                        "(minimum one second step)",
                        seconds(time), seconds(last))};
}

void refuse(AppendReport& report, std::string_view host, const Sample& sample, Error error) {
    ++report.refused_count;
    if (report.refused.size() >= kRefusedErrorsMax) return;
    error.message =
        fmt::format("{}/{}/{}: {}", host, std::string_view(sample.plugin).substr(0, kShownBytesMax),
                    std::string_view(sample.key).substr(0, kShownBytesMax), error.message);
    report.refused.push_back(std::move(error));
}

AppendPlan plan_append(std::string_view host, std::span<const Sample> samples,
                       const AppendTarget& target, SampleTime newest, AppendReport& report) {
    Planner planner(target, newest);
    planner.reserve(samples.size());
    std::size_t judged = 0;
    for (const Sample& sample : samples) {
        auto planned = planner.add(sample, judged);
        if (planner.is_full()) break;
        if (!planned) refuse(report, host, sample, std::move(planned.error()));
        ++judged;
    }
    AppendPlan plan = std::move(planner).take();
    plan.judged = judged;
    plan.record.host = host;
    return plan;
}

}  // namespace kurabe::store
