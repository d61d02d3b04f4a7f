// JSON by nlohmann-json, whose exceptions end here.
#include "server/series_json.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "store/epoch.hpp"

namespace kurabe::server {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kShownForeignBytesMax = 200;  // of what is not ours

struct CodeName {
    ErrorCode code;
    std::string_view name;
};

constexpr std::array kCodeNames{
    CodeName{ErrorCode::kInvalid, "invalid"},
    CodeName{ErrorCode::kNotFound, "not-found"},
    CodeName{ErrorCode::kOutdated, "outdated"},
    CodeName{ErrorCode::kDamaged, "damaged"},
    CodeName{ErrorCode::kInUse, "in-use"},
    CodeName{ErrorCode::kNoSpace, "no-space"},
    CodeName{ErrorCode::kLimit, "limit"},
    CodeName{ErrorCode::kSystem, "system"},
    CodeName{ErrorCode::kUnsupported, "unsupported"},
    CodeName{ErrorCode::kForbidden, "forbidden"},
    CodeName{ErrorCode::kForbidden, "unauthorized"},  // read only
};

// Names may hold any bytes; malformed UTF-8 is replaced instead of refused.
template <typename Json>
std::string dumped(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ordered_json value_to_json(store::Value value) {
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    return value;  // NaN is written as null
}

store::Value value_from_json(const json& value) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (value.is_null()) return store::kUnknown;
    if (value == "inf") return kInfinity;
    if (value == "-inf") return -kInfinity;
    return value.get<double>();
}

store::Time time_of(const json& seconds) {
    return store::Time{store::Seconds{seconds.get<std::int64_t>()}};
}

// What the server itself did not write: a proxy's page, half an answer.
std::unexpected<Error> not_ours(const json::exception& error) {
    return fail(ErrorCode::kInvalid, fmt::format("the answer is not a server's: {}", error.what()));
}

}  // namespace

std::string series_to_json(const store::FetchedSeries& series) {
    ordered_json values = ordered_json::array();
    for (const store::Value value : series.values) values.push_back(value_to_json(value));
    return dumped(ordered_json{{"start", store::epoch_seconds(series.start)},
                               {"end", store::epoch_seconds(series.end)},
                               {"step", series.step.count()},
                               {"values", std::move(values)}});
}

Result<store::FetchedSeries> series_from_json(std::string_view text) {
    try {
        const json document = json::parse(text);
        store::FetchedSeries series;
        series.start = time_of(document.at("start"));
        series.end = time_of(document.at("end"));
        series.step = store::Seconds{document.at("step").get<std::int64_t>()};
        bool fits = true;
        for (const json& value : document.at("values")) {
            fits = fits && !value.is_boolean();  // get<double>() would take it
            series.values.push_back(value_from_json(value));
        }
        fits = fits && series.step.count() > 0 &&
               static_cast<std::int64_t>(series.values.size()) ==
                   (series.end - series.start) / series.step;
        if (fits) return series;
    } catch (const json::exception& error) {
        return not_ours(error);
    }
    return fail(ErrorCode::kInvalid, "the answer's rows do not fit its start, end and step");
}

std::string series_list_to_json(std::string_view host, std::span<const store::SeriesInfo> series) {
    ordered_json list = ordered_json::array();
    for (const store::SeriesInfo& info : series) {
        const auto micros = info.last_update.time_since_epoch().count();
        list.push_back({{"name", info.name.text()},
                        {"type", store::ds_type_name(info.type)},
                        {"last_update", static_cast<double>(micros) / 1e6}});
    }
    return dumped(ordered_json{{"host", host}, {"series", std::move(list)}});
}

Result<std::vector<store::SeriesInfo>> series_list_from_json(std::string_view text) {
    try {
        const json document = json::parse(text);
        std::vector<store::SeriesInfo> list;
        for (const json& item : document.at("series")) {
            auto name = store::SeriesName::parse(item.at("name").get<std::string>());
            if (!name) return std::unexpected(name.error());
            const auto type = store::parse_ds_type(item.at("type").get<std::string>());
            if (!type) return fail(ErrorCode::kInvalid, "a series has an unknown type");
            const double seconds = item.at("last_update").get<double>();
            const std::chrono::microseconds micros{std::llround(seconds * 1e6)};
            list.push_back({std::move(*name), *type, store::SampleTime{micros}});
        }
        return list;
    } catch (const json::exception& error) {
        return not_ours(error);
    }
}

std::string states_to_json(std::span<const std::pair<std::string, int>> states) {
    ordered_json object = ordered_json::object();
    for (const auto& [address, state] : states) object[address] = state;
    return dumped(object);
}

namespace {

ordered_json counts_of(const TakenLines& taken) {
    ordered_json errors = ordered_json::array();
    for (const RefusedLine& refused : taken.errors) {
        ordered_json error;
        if (refused.line) error["line"] = *refused.line;
        error["reason"] = refused.reason;
        errors.push_back(std::move(error));
    }
    return {
        {"accepted", taken.accepted}, {"refused", taken.refused}, {"errors", std::move(errors)}};
}

}  // namespace

std::string taken_lines_to_json(const TakenLines& taken) {
    return dumped(counts_of(taken));
}

std::string mackerel_success_to_json(const TakenLines& taken) {
    ordered_json answer{{"success", true}};
    if (taken.refused > 0) answer.update(counts_of(taken));
    return dumped(answer);
}

std::string mackerel_error_to_json(std::string_view message) {
    return dumped(ordered_json{{"error", {{"message", message}}}});
}

Result<TakenLines> taken_lines_from_json(std::string_view text) {
    try {
        const json document = json::parse(text);
        TakenLines taken;
        taken.accepted = document.at("accepted").get<std::size_t>();
        taken.refused = document.at("refused").get<std::size_t>();
        for (const json& error : document.at("errors")) {
            RefusedLine refused{std::nullopt, error.at("reason").get<std::string>()};
            if (error.contains("line")) refused.line = error.at("line").get<std::size_t>();
            taken.errors.push_back(std::move(refused));
        }
        return taken;
    } catch (const json::exception& error) {
        return not_ours(error);
    }
}

std::string error_to_json(ErrorCode code, std::string_view message) {
    const auto known = std::ranges::find(kCodeNames, code, &CodeName::code);
    return error_to_json(known == kCodeNames.end() ? "system" : known->name, message);
}

std::string error_to_json(std::string_view code, std::string_view message) {
    return dumped(ordered_json{{"error", message}, {"code", code}});
}

std::optional<Error> own_error_from_json(std::string_view text) {
    try {
        const json document = json::parse(text);
        const auto name = document.at("code").get<std::string>();
        for (const CodeName& known : kCodeNames) {
            if (known.name == name) {
                return Error{known.code, document.at("error").get<std::string>()};
            }
        }
    } catch (const json::exception&) {
        // Not one of our errors.
    }
    return std::nullopt;
}

Error error_from_json(std::string_view text) {
    return own_error_from_json(text).value_or(
        Error{ErrorCode::kSystem, std::string(text.substr(0, kShownForeignBytesMax))});
}

}  // namespace kurabe::server
