// Planning of an append.
#include "store/append_plan.hpp"

#include <optional>

#include <fmt/format.h>

#include "store/archive_layout.hpp"
#include "store/archive_state.hpp"
#include "store/sample_limits.hpp"

namespace kurabe::store {
namespace {

// Bytes of a name that an error message repeats.
constexpr std::size_t kShownBytesMax = 200;

class Planner {
  public:
    Planner(std::span<const Column> columns, const ColumnIndex& index)
        : columns_(columns), index_(index) {}

    Result<void> add(const Sample& sample) {
        const ColumnName name{sample.plugin, sample.key};
        const std::uint32_t known = find(name);
        const Result<void> planned =
            known == ColumnIndex::kNone ? add_new(name, sample) : add_known(known, sample);
        return planned;
    }

    [[nodiscard]] AppendPlan take() && { return std::move(plan_); }
    void reserve(std::size_t samples) { plan_.samples.reserve(samples); }

  private:
    // Collectors hand in a host's series in the same order every time: the column after the one
    // found last is mostly the right one.
    std::uint32_t find(const ColumnName& name) {
        const std::uint32_t guess = next_++;
        if (guess < columns_.size() && columns_[guess].name() == name) return guess;
        std::uint32_t found = index_.find(name);
        if (found == ColumnIndex::kNone) found = new_index_.find(name);
        if (found != ColumnIndex::kNone) next_ = found + 1;
        return found;
    }

    DsType type_of(std::uint32_t column) const {
        return column < columns_.size() ? columns_[column].source.type
                                        : plan_.new_columns[column - columns_.size()].type;
    }

    Result<void> add_known(std::uint32_t column, const Sample& sample) {
        if (auto checked = check_reading(type_of(column), sample.value, sample.time); !checked) {
            return checked;
        }
        plan_.samples.push_back({&sample, column});
        return {};
    }

    Result<void> add_new(const ColumnName& name, const Sample& sample) {
        const auto type = check_new_series(name.plugin, name.key);
        if (!type) return std::unexpected(type.error());
        if (auto checked = check_reading(*type, sample.value, sample.time); !checked) {
            return checked;
        }
        const std::size_t column = columns_.size() + plan_.new_columns.size();
        if (column >= kColumnsMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("the host has {} series, more are not possible", kColumnsMax));
        }
        new_index_.add(name, static_cast<std::uint32_t>(column));
        plan_.new_columns.push_back({name, *type, sample.time});
        plan_.new_key_bytes += key_bytes_of(name);
        plan_.samples.push_back({&sample, static_cast<std::uint32_t>(column)});
        return {};
    }

    std::span<const Column> columns_;
    const ColumnIndex& index_;
    ColumnIndex new_index_;
    std::uint32_t next_ = 0;
    AppendPlan plan_;
};

}  // namespace

void refuse(AppendReport& report, std::string_view host, const Sample& sample, Error error) {
    ++report.refused_count;
    if (report.refused.size() >= kRefusedErrorsMax) return;
    error.message =
        fmt::format("{}/{}/{}: {}", host, std::string_view(sample.plugin).substr(0, kShownBytesMax),
                    std::string_view(sample.key).substr(0, kShownBytesMax), error.message);
    report.refused.push_back(std::move(error));
}

AppendPlan plan_append(std::string_view host, std::span<const Sample> samples,
                       std::span<const Column> columns, const ColumnIndex& index,
                       AppendReport& report) {
    Planner planner(columns, index);
    planner.reserve(samples.size());
    for (const Sample& sample : samples) {
        if (auto planned = planner.add(sample); !planned) {
            refuse(report, host, sample, std::move(planned.error()));
        }
    }
    return std::move(planner).take();
}

}  // namespace kurabe::store
