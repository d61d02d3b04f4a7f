// Splitting at colons and putting together again.
#include "cli/rrdtool/daemon_update.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::string_view kNow = "N:";

// What stands between colons; nothing of an empty text.
std::vector<std::string_view> fields_of(std::string_view text) {
    std::vector<std::string_view> fields;
    if (text.empty()) return fields;
    for (auto colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':')) {
        fields.push_back(text.substr(0, colon));
        text.remove_prefix(colon + 1);
    }
    fields.push_back(text);
    return fields;
}

std::unexpected<Error> unfit(const std::string& message) {
    return fail(ErrorCode::kInvalid, "rrd_map_template_to_values: " + message);
}

}  // namespace

DaemonTemplate::DaemonTemplate(std::string_view text, const store::rrd::Header& header)
    : text_(text), names_(fields_of(text)) {
    for (std::size_t i = 0; i < header.sources.size(); ++i) {
        if (header.source(i).type == store::DsType::kCompute) continue;
        sources_.emplace_back(store::rrd::text_of(header.sources[i].name));
    }
}

Result<void> DaemonTemplate::check(std::size_t given) const {
    if (names_.size() != given) {
        return unfit(
            fmt::format("mismatch of number of fields in template ({}) with number of "
                        "fields in values ({})",
                        names_.size(), given));
    }
    if (names_.size() > sources_.size()) {
        return unfit(
            fmt::format("number of fields in template ({}) bigger than number of "
                        "fields in rrdfile ({})",
                        names_.size(), sources_.size()));
    }
    for (auto name = names_.begin(); name != names_.end(); ++name) {
        const bool is_known = std::ranges::find(sources_, *name) != sources_.end();
        if (is_known && std::find(names_.begin(), name, *name) == name) continue;
        return unfit(
            fmt::format("there are fields in template ({}) that are not in the rrdfile "
                        "({})",
                        text_, fmt::join(sources_, ":")));
    }
    return {};
}

Result<std::string> DaemonTemplate::map(std::string_view argument) const {
    std::vector<std::string_view> fields = fields_of(argument);
    const std::string_view time = fields.empty() ? std::string_view{} : fields.front();
    if (!fields.empty()) fields.erase(fields.begin());
    if (auto checked = check(fields.size()); !checked) return std::unexpected(checked.error());
    std::string mapped(time);
    for (const std::string& source : sources_) {
        const auto name = std::ranges::find(names_, source);
        mapped += ':';
        mapped +=
            name == names_.end() ? "U" : fields[static_cast<std::size_t>(name - names_.begin())];
    }
    return mapped;
}

std::string with_time(std::string_view argument, store::SampleTime now) {
    if (!argument.starts_with(kNow)) return std::string(argument);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    return fmt::format("{}{}", seconds, argument.substr(kNow.size() - 1));
}

}  // namespace kurabe::cli::rrdtool
