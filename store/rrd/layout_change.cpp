// Operations into a plan: what is removed goes first, then what is added.
#include "store/rrd/layout_change.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "store/integer.hpp"
#include "store/rrd/compute_program.hpp"
#include "store/rrd/header_check.hpp"
#include "store/rrd/initial_state.hpp"
#include "store/rrd/rra_definition.hpp"
#include "store/rrd/source_definition.hpp"

namespace kurabe::store::rrd {
namespace {

constexpr std::string_view kRemoveSource = "DEL:";
constexpr std::string_view kAddSource = "DS:";
constexpr std::string_view kRemoveRra = "DELRRA:";
constexpr std::string_view kAddRra = "RRA:";
constexpr std::string_view kChangeRows = "RRA#";

// Where an index that `is_kept` comes to lie among those that are.
std::optional<std::size_t> moved(std::size_t index, const auto& is_kept) {
    if (!is_kept(index)) return std::nullopt;
    std::size_t position = 0;
    for (std::size_t i = 0; i < index; ++i) position += is_kept(i) ? 1 : 0;
    return position;
}

}  // namespace

Result<void> divide_step(Header& header, Seconds step) {
    if (step <= Seconds{0} || step >= header.step || header.step % step != Seconds{0}) {
        return invalid(
            "invalid 'newstep' parameter. The newsize must divide the old step parameter without a "
            "remainder.");
    }
    const auto factor = static_cast<std::uint64_t>(header.step / step);
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        if (!consolidates(header.cf(rra))) {
            return invalid(fmt::format("RRA {} ({}) has one PDP per row: the step must stay", rra,
                                       rra_cf_name(header.cf(rra))));
        }
        header.rras[rra].pdp_per_row *= factor;
        for (std::size_t source = 0; source < header.sources.size(); ++source) {
            Slot& unknown = header.cdp(rra, source).slots[CdpRecord::kUnknownPdps];
            unknown = Slot::of_count(unknown.count() * factor);
        }
    }
    header.step = step;
    return {};
}

LayoutChange::LayoutChange(const Header& old, std::string file_name)
    : old_(old), file_name_(std::move(file_name)), is_removed_(old.sources.size()) {}

Result<void> LayoutChange::add(std::string_view operation) {
    const auto argument = [&](std::string_view prefix) { return operation.substr(prefix.size()); };
    const auto is = [&](std::string_view prefix) {
        return operation.size() > prefix.size() && operation.starts_with(prefix);
    };
    if (is(kRemoveSource)) return remove_source(argument(kRemoveSource));
    if (is(kRemoveRra)) return remove_rra(argument(kRemoveRra));
    if (is(kChangeRows)) return change_rows(argument(kChangeRows));
    if (operation.starts_with(kAddSource) || operation.starts_with(kAddRra)) {
        definitions_.emplace_back(operation);
        return {};
    }
    return invalid(fmt::format("unparseable argument: {}", operation));
}

Result<void> LayoutChange::remove_source(std::string_view name) {
    const auto source = find_source(old_, name);
    if (!source) return invalid(fmt::format("unknown data source name '{}'", name));
    is_removed_[*source] = true;
    return {};
}

Result<void> LayoutChange::remove_rra(std::string_view index) {
    const auto rra = whole_integer<std::size_t>(index);
    if (!rra) return invalid("DELRRA requires a non-negative, integer argument");
    return set_rows(*rra, 0);
}

// "0:+10"
Result<void> LayoutChange::change_rows(std::string_view text) {
    const auto colon = text.find(':');
    const auto rra = whole_integer<std::size_t>(text.substr(0, colon));
    const std::string_view change =
        colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    const auto number =
        whole_integer<std::int64_t>(change.substr(std::min<std::size_t>(1, change.size())));
    const bool has_sign =
        change.starts_with('+') || change.starts_with('-') || change.starts_with('=');
    if (!rra || !has_sign || !number || *number < 0 || *number > kSpanMax_s) {
        return invalid("Failed to parse RRA# command");
    }
    if (*rra >= old_.rras.size()) return invalid("no such RRA in this RRD");
    const auto rows = static_cast<std::int64_t>(old_.rras[*rra].rows);
    switch (change.front()) {
        case '+':
            return set_rows(*rra, rows + *number);
        case '-':
            return set_rows(*rra, rows - *number);
        default:
            return set_rows(*rra, *number);
    }
}

Result<void> LayoutChange::set_rows(std::size_t rra, std::int64_t rows) {
    if (rra >= old_.rras.size()) return invalid("no such RRA in this RRD");
    if (!changed_rows_.emplace(rra, rows).second) {
        return invalid(fmt::format("RRA {} is changed twice", rra));
    }
    return {};
}

Result<Layout> LayoutChange::finish() const {
    Layout layout;
    layout.header.version = old_.version;
    layout.header.step = old_.step;
    layout.header.live = old_.live;
    keep_sources(layout);
    if (auto kept = keep_programs(layout); !kept) return std::unexpected(kept.error());
    keep_rras(layout);
    if (auto kept = keep_partners(layout); !kept) return std::unexpected(kept.error());
    if (auto added = add_definitions(layout); !added) return std::unexpected(added.error());
    if (layout.header.sources.empty()) return invalid("you must define at least one Data Source");
    if (layout.header.rras.empty()) {
        return invalid("you must define at least one Round Robin Archive");
    }
    if (auto checked = check_records(layout.header); !checked) {
        return std::unexpected(checked.error());
    }
    raise_version(layout.header, std::max(kVersionOfMicros, needed_version(layout.header)));
    begin_cdps(layout);
    for (const RraRecord& record : layout.header.rras) {
        layout.header.current_rows.push_back(record.rows - 1);
    }
    return layout;
}

void LayoutChange::keep_sources(Layout& layout) const {
    for (std::size_t source = 0; source < old_.sources.size(); ++source) {
        if (is_removed_[source]) continue;
        layout.sources.push_back(source);
        layout.header.sources.push_back(old_.sources[source]);
        layout.header.pdps.push_back(old_.pdps[source]);
    }
}

// Programs name data sources by index.
Result<void> LayoutChange::keep_programs(Layout& layout) const {
    const auto is_kept = [&](std::size_t source) { return !is_removed_[source]; };
    for (std::size_t i = 0; i < layout.sources.size(); ++i) {
        SourceRecord& record = layout.header.sources[i];
        if (text_of(record.type) != ds_type_name(DsType::kCompute)) continue;
        auto program = read_compute(record, layout.sources[i]);
        if (!program) return std::unexpected(program.error());
        for (ComputeNode& node : program->nodes) {
            if (node.op != ComputeOperator::kVariable) continue;
            const auto used = static_cast<std::size_t>(node.value);
            const auto now = moved(used, is_kept);
            if (!now) {
                return invalid(
                    fmt::format("data source '{}' is computed from '{}', which cannot be "
                                "deleted alone",
                                text_of(record.name), text_of(old_.sources[used].name)));
            }
            node.value = static_cast<std::int16_t>(*now);
        }
        write_compute(*program, record);
    }
    return {};
}

void LayoutChange::keep_rras(Layout& layout) const {
    for (std::size_t rra = 0; rra < old_.rras.size(); ++rra) {
        const auto rows = static_cast<std::int64_t>(old_.rras[rra].rows);
        const auto changed = changed_rows_.find(rra);
        const std::int64_t wanted = changed == changed_rows_.end() ? rows : changed->second;
        if (wanted <= 0) continue;
        Layout::Origin origin{.rra = rra};
        if (wanted > rows) origin.added = static_cast<std::uint64_t>(wanted - rows);
        if (wanted < rows) origin.removed = static_cast<std::uint64_t>(rows - wanted);
        layout.rras.push_back(origin);
        layout.header.rras.push_back(old_.rras[rra]);
        layout.header.rras.back().rows = static_cast<std::uint64_t>(wanted);
    }
}

// RRAs of the Holt-Winters family name others by index.
Result<void> LayoutChange::keep_partners(Layout& layout) const {
    const auto is_kept = [&](std::size_t rra) {
        const auto changed = changed_rows_.find(rra);
        return changed == changed_rows_.end() || changed->second > 0;
    };
    for (std::size_t i = 0; i < layout.rras.size(); ++i) {
        if (consolidates(old_.cf(*layout.rras[i].rra))) continue;
        Slot& partner = layout.header.rras[i].parameters[RraRecord::kPartner];
        const auto now = moved(partner.count(), is_kept);
        if (!now) {
            return invalid(fmt::format("RRA {} depends on RRA {}, which cannot be deleted alone",
                                       *layout.rras[i].rra, partner.count()));
        }
        partner = Slot::of_count(*now);
    }
    return {};
}

Result<void> LayoutChange::add_definitions(Layout& layout) const {
    Header& header = layout.header;
    for (const std::string_view definition : definitions_) {
        if (definition.starts_with(kAddSource)) {
            const auto source = parse_source(definition.substr(kAddSource.size()), header.sources);
            if (!source) return std::unexpected(source.error());
            header.sources.push_back(source->record);
            header.pdps.push_back(initial_pdp(header));
            header.pdps.back().slots[PdpRecord::kValue] = Slot::of_number(0);
            continue;
        }
        const auto added =
            parse_rra(definition.substr(kAddRra.size()),
                      {.step = header.step, .index = header.rras.size(), .file_name = file_name_});
        if (!added) return std::unexpected(added.error());
        // Before it is there, for its own window counts.
        if (added->needs_smoothing) raise_version(header, kVersionOfSmoothing);
        header.rras.insert(header.rras.end(), added->records.begin(), added->records.end());
        layout.rras.resize(header.rras.size());
    }
    return {};
}

void LayoutChange::begin_cdps(Layout& layout) const {
    Header& header = layout.header;
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        const auto origin = layout.rras[rra].rra;
        for (std::size_t source = 0; source < header.sources.size(); ++source) {
            const bool is_old = origin && source < layout.sources.size();
            header.cdps.push_back(is_old ? old_.cdp(*origin, layout.sources[source])
                                         : initial_cdp(header, rra, header.pdps[source]));
        }
    }
}

}  // namespace kurabe::store::rrd
