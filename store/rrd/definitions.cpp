// Gathers records and lets the state begin.
#include "store/rrd/definitions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/rrd/header_check.hpp"
#include "store/rrd/initial_state.hpp"
#include "store/rrd/rra_definition.hpp"
#include "store/rrd/source_definition.hpp"

namespace kurabe::store::rrd {

void Definitions::add_all(const Header& from) {
    version_ = std::max(version_, from.version);
    for (const SourceRecord& record : from.sources) {
        sources_.push_back(record);
        mappings_.push_back({.name = std::string(text_of(record.name)), .file = std::nullopt});
    }
    rras_.insert(rras_.end(), from.rras.begin(), from.rras.end());
}

Result<void> Definitions::add(std::string_view definition) {
    if (definition.starts_with("DS:")) {
        const auto source = parse_source(definition.substr(3), sources_);
        if (!source) return std::unexpected(source.error());
        sources_.push_back(source->record);
        mappings_.push_back({.name = source->mapped_name, .file = source->file});
        return {};
    }
    if (definition.starts_with("RRA:")) {
        const auto rra = parse_rra(definition.substr(4),
                                   {.step = step_, .index = rras_.size(), .file_name = file_name_});
        if (!rra) return std::unexpected(rra.error());
        rras_.insert(rras_.end(), rra->records.begin(), rra->records.end());
        if (rra->needs_smoothing) version_ = std::max(version_, kVersionOfSmoothing);
        return {};
    }
    return fail(ErrorCode::kInvalid, fmt::format("can't parse argument '{}'", definition));
}

Result<Header> Definitions::finish(Time last_update) const {
    if (rras_.empty()) {
        return fail(ErrorCode::kInvalid, "you must define at least one Round Robin Archive");
    }
    if (sources_.empty()) {
        return fail(ErrorCode::kInvalid, "you must define at least one Data Source");
    }
    Header header{.version = version_,
                  .step = step_,
                  .sources = sources_,
                  .rras = rras_,
                  .live = {},
                  .pdps = {},
                  .cdps = {},
                  .current_rows = {}};
    if (auto checked = check_records(header); !checked) return std::unexpected(checked.error());
    // No raise_version(): rrdtool leaves a template's windows, even those ignored till now.
    header.version = std::max(version_, needed_version(header));
    header.set_last_update(last_update);
    begin_state(header, file_name_);
    return header;
}

}  // namespace kurabe::store::rrd
