// The fields of each CF in their order, and what they become in a record.
#include "store/rrd/rra_definition.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "store/rrd/header.hpp"
#include "store/rrd/name_hash.hpp"
#include "store/rrd/rra_fields.hpp"

namespace kurabe::store::rrd {
namespace {

constexpr double kDefaultDelta = 2.0;
constexpr std::uint64_t kDefaultThreshold = 7;
constexpr std::uint64_t kDefaultWindowLength = 9;

RraRecord record_of(RraCf cf, std::uint64_t rows, std::uint64_t pdp_per_row) {
    RraRecord record{.rows = rows, .pdp_per_row = pdp_per_row};
    set_text(record.cf, rra_cf_name(cf));
    return record;
}

Result<RraDefinition> read_consolidation(RraCf cf, RraFields fields, const RraContext& context) {
    RraFieldReader reader(cf, fields, 4);
    const Slot xff = reader.share("xff", [](double value) { return value >= 0 && value < 1; });
    const std::uint64_t pdp_per_row = reader.count("step", context.step);
    if (pdp_per_row >
        std::uint64_t{kSpanMax_s} / static_cast<std::uint64_t>(context.step.count())) {
        reader.set_error(
            fmt::format("Invalid step {}: a row covers more time than there is", pdp_per_row));
        return std::unexpected(reader.finish().error());
    }
    const Seconds resolution = context.step * static_cast<std::int64_t>(pdp_per_row);
    RraRecord record = record_of(cf, reader.rows(resolution), pdp_per_row);
    record.parameters[RraRecord::kXff] = xff;
    if (auto read = reader.finish(); !read) return std::unexpected(read.error());
    return RraDefinition{.records = {record}};
}

RraRecord seasonal_of(RraCf cf, std::uint64_t rows, Slot gamma, std::uint64_t partner,
                      std::string_view file_name) {
    RraRecord record = record_of(cf, rows, 1);
    record.parameters[RraRecord::kGamma] = gamma;
    record.parameters[RraRecord::kPartner] = Slot::of_count(partner);
    record.parameters[RraRecord::kSmoothingRow] = Slot::of_count(name_hash(file_name) % rows);
    return record;
}

RraRecord failures_of(std::uint64_t rows, std::uint64_t threshold, std::uint64_t window_length,
                      std::uint64_t partner) {
    RraRecord record = record_of(RraCf::kFailures, rows, 1);
    record.parameters[RraRecord::kDeltaPositive] = Slot::of_number(kDefaultDelta);
    record.parameters[RraRecord::kDeltaNegative] = Slot::of_number(kDefaultDelta);
    record.parameters[RraRecord::kWindowLength] = Slot::of_count(window_length);
    record.parameters[RraRecord::kThreshold] = Slot::of_count(threshold);
    record.parameters[RraRecord::kPartner] = Slot::of_count(partner);
    return record;
}

RraRecord dev_predict_of(std::uint64_t rows, std::uint64_t partner) {
    RraRecord record = record_of(RraCf::kDevPredict, rows, 1);
    record.parameters[RraRecord::kPartner] = Slot::of_count(partner);
    return record;
}

// After an HWPREDICT that names no partner: seasonal coefficients, their deviations, predicted
// deviations and failures, each with the parameters that rrdcreate(1) states.
void add_companions(std::vector<RraRecord>& records, std::uint64_t period,
                    const RraContext& context) {
    const RraRecord& predict = records.front();
    const std::uint64_t rows = predict.rows;
    const Slot gamma = predict.parameters[RraRecord::kAlpha];
    const std::uint64_t deviations = context.index + 2;
    for (const RraCf cf : {RraCf::kSeasonal, RraCf::kDevSeasonal}) {
        records.push_back(seasonal_of(cf, period, gamma, context.index, context.file_name));
    }
    records.push_back(dev_predict_of(rows, deviations));
    records.push_back(failures_of(period, kDefaultThreshold, kDefaultWindowLength, deviations));
}

Result<RraDefinition> read_predict(RraCf cf, RraFields fields, const RraContext& context) {
    RraFieldReader reader(cf, fields, 5);
    RraRecord record = record_of(cf, reader.rows(context.step), 1);
    record.parameters[RraRecord::kAlpha] = reader.adaption("alpha");
    record.parameters[RraRecord::kBeta] =
        reader.share("beta", [](double value) { return value >= 0 && value <= 1; });
    const std::uint64_t period = reader.count("seasonal period", context.step);
    if (period > record.rows) {
        reader.set_error("Length of seasonal cycle exceeds length of HW prediction array");
    }
    record.parameters[RraRecord::kPeriod] = Slot::of_number(static_cast<double>(period));
    const bool is_alone = !reader.has_more();
    record.parameters[RraRecord::kPartner] =
        is_alone ? Slot::of_count(context.index + 1) : reader.partner();
    if (auto read = reader.finish(); !read) return std::unexpected(read.error());
    RraDefinition definition{.records = {record}};
    if (is_alone) add_companions(definition.records, period, context);
    return definition;
}

Result<RraDefinition> read_seasonal(RraCf cf, RraFields fields, const RraContext& context) {
    RraFieldReader reader(cf, fields, 4);
    const std::uint64_t rows = reader.rows(context.step);
    const Slot gamma = reader.adaption("gamma");
    const Slot partner = reader.partner();
    const bool has_window = reader.has_more();
    const Slot window =
        has_window ? reader.smoothing_window() : Slot::of_number(kDefaultSmoothingWindow);
    if (auto read = reader.finish(); !read) return std::unexpected(read.error());
    RraRecord record = seasonal_of(cf, rows, gamma, partner.count(), context.file_name);
    record.parameters[RraRecord::kSmoothingWindow] = window;
    return RraDefinition{.records = {record}, .needs_smoothing = has_window};
}

Result<RraDefinition> read_dev_predict(RraCf cf, RraFields fields, const RraContext& context) {
    RraFieldReader reader(cf, fields, 3);
    const std::uint64_t rows = reader.rows(context.step);
    const Slot partner = reader.partner();
    if (auto read = reader.finish(); !read) return std::unexpected(read.error());
    return RraDefinition{.records = {dev_predict_of(rows, partner.count())}};
}

Result<RraDefinition> read_failures(RraCf cf, RraFields fields, const RraContext& context) {
    RraFieldReader reader(cf, fields, 5);
    const std::uint64_t rows = reader.rows(context.step);
    const std::uint64_t threshold = reader.window_count("Failure threshold");
    if (threshold == 0) {
        reader.set_error(fmt::format("Failure threshold is out of range 1, {}", kWindowLengthMax));
    }
    const std::uint64_t window_length = reader.window_count("Window length");
    if (window_length < threshold) {
        reader.set_error("Window length is shorter than the failure threshold");
    }
    const Slot partner = reader.partner();
    if (auto read = reader.finish(); !read) return std::unexpected(read.error());
    return RraDefinition{.records = {failures_of(rows, threshold, window_length, partner.count())}};
}

// The capital letters that `text` begins with, at most so many as a record holds.
std::string_view leading_capitals(std::string_view text) noexcept {
    constexpr std::size_t kCfBytesMax = 19;
    std::size_t size = 0;
    while (size < std::min(text.size(), kCfBytesMax) && text[size] >= 'A' && text[size] <= 'Z') {
        ++size;
    }
    return text.substr(0, size);
}

}  // namespace

Result<RraDefinition> parse_rra(std::string_view text, const RraContext& context) {
    const auto fields = split_rra_fields(text);
    if (fields.empty()) {
        return fail(ErrorCode::kInvalid, "Expected at least 4 arguments for RRA but got 0");
    }
    const std::string_view name = leading_capitals(text);
    const auto cf = parse_rra_cf(name);
    if (!cf) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("Unrecognized consolidation function {}", name));
    }
    const RraFields rest = RraFields(fields).subspan(1);
    switch (*cf) {
        case RraCf::kHwPredict:
        case RraCf::kMhwPredict:
            return read_predict(*cf, rest, context);
        case RraCf::kSeasonal:
        case RraCf::kDevSeasonal:
            return read_seasonal(*cf, rest, context);
        case RraCf::kDevPredict:
            return read_dev_predict(*cf, rest, context);
        case RraCf::kFailures:
            return read_failures(*cf, rest, context);
        default:
            return read_consolidation(*cf, rest, context);
    }
}

}  // namespace kurabe::store::rrd
