// Which data is shown, and what is written of it and where.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "render/graph_option.hpp"
#include "render/image_info.hpp"
#include "render/numbers.hpp"

namespace kurabe::render {

namespace {

Applied set_step(OptionState& state, const std::string& value) {
    const auto seconds = parse_integer(value);
    if (!seconds || *seconds < 0 || *seconds > kStepMax) {
        return invalid_option(
            fmt::format("option --step - Cannot use '{}'; seconds are needed", value));
    }
    state.options.step = Seconds{*seconds};
    return {};
}

Applied set_zone(OptionState& state, const std::string& value) {
    auto zone = store::TimeZone::locate(value);
    if (!zone) {
        return std::unexpected(zone.error());
    }
    state.options.zone = std::move(*zone);
    return {};
}

Applied set_format(OptionState& state, const std::string& value) {
    constexpr std::array<std::string_view, 12> kFormats = {"PNG", "SVG",     "PDF",      "EPS",
                                                           "XML", "XMLENUM", "CSV",      "TSV",
                                                           "SSV", "JSON",    "JSONTIME", "LAYOUT"};
    const auto found = std::ranges::find(kFormats, value);
    if (found != kFormats.end()) {
        state.options.format = static_cast<ImageFormat>(found - kFormats.begin());
        return {};
    }
    return invalid_option(fmt::format("unsupported graphics format '{}'", value));
}

Applied set_image_info(OptionState& state, const std::string& value) {
    if (auto checked = check_image_info(value); !checked) {
        return checked;
    }
    return set_text(state.options.image_info.emplace(), "imginfo", value);
}

constexpr std::array kOutputOptions = {
    Option{"start", 's', kValue,
           [](OptionState& s, const std::string& v) { return set_text(s.start, "start", v); }},
    Option{"end", 'e', kValue,
           [](OptionState& s, const std::string& v) { return set_text(s.end, "end", v); }},
    Option{"tz", 0, kValue, set_zone},
    Option{"utc", 0, kFlag,
           [](OptionState& s, const std::string&) -> Applied {
               s.options.zone = store::TimeZone::utc();
               return {};
           }},
    Option{"step", 'S', kValue, set_step},
    Option{"use-nan-for-all-missing-data", 'Z', kFlag, set_flag<&GraphOptions::missing_as_unknown>},
    Option{"daemon", 'd', kValue,
           [](OptionState& s, const std::string& v) -> Applied {
               s.options.daemon = v;
               return {};
           }},
    Option{"imgformat", 'a', kValue, set_format},
    Option{"imginfo", 'f', kValue, set_image_info},
    Option{"lazy", 'z', kFlag, set_flag<&GraphOptions::lazy>},
    // Pictures are always whole files.
    Option{"interlaced", 'i', kFlag, ignore_option},
};

}  // namespace

std::span<const Option> output_options() {
    return kOutputOptions;
}

}  // namespace kurabe::render
