// Cuts a definition at its colons and fills a record.
#include "store/rrd/source_definition.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "store/duration.hpp"
#include "store/number.hpp"
#include "store/rrd/compute_program.hpp"

namespace kurabe::store::rrd {
namespace {

// Takes the text up to `end` from the front of `rest`; nothing when there is no `end`.
std::optional<std::string_view> take_until(std::string_view& rest, char end) noexcept {
    const auto found = rest.find(end);
    if (found == std::string_view::npos) return std::nullopt;
    const std::string_view taken = rest.substr(0, found);
    rest.remove_prefix(found + 1);
    return taken;
}

// "name", "name=mapped" or "name=mapped[1]".
bool read_names(std::string_view text, SourceDefinition& definition) {
    const auto equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    if (!is_source_name(name)) return false;
    set_text(definition.record.name, name);
    if (equals == std::string_view::npos) {
        definition.mapped_name = name;
        return true;
    }
    std::string_view mapped = text.substr(equals + 1);
    if (mapped.ends_with(']')) {
        const auto bracket = mapped.find('[');
        if (bracket == std::string_view::npos) return false;
        const std::string_view number = mapped.substr(bracket + 1, mapped.size() - bracket - 2);
        std::size_t position = 0;
        const auto [rest, error] =
            std::from_chars(number.data(), number.data() + number.size(), position);
        if (number.empty() || rest != number.data() + number.size()) return false;
        // A number too large names no file.
        definition.file = error == std::errc{} ? position - 1 : SIZE_MAX;
        mapped = mapped.substr(0, bracket);
    }
    definition.mapped_name = mapped;
    return is_source_name(mapped);
}

Result<Slot> read_limit(std::string_view text, std::string_view which) {
    if (text == "U") return Slot::of_number(kUnknown);
    const auto number = parse_number(text);
    if (!number) {
        return invalid(fmt::format("parsing {} val - {}", which, number.error().message));
    }
    return Slot::of_number_as_is(*number);
}

// "heartbeat:minimum:maximum"; more fields are ignored.
Result<void> read_parameters(std::string_view text, SourceRecord& record) {
    const auto because = [&](std::string_view reason) {
        return invalid(fmt::format("failed to parse data source {}: {}", text, reason));
    };
    std::string_view rest = text;
    const auto heartbeat_text = take_until(rest, ':');
    if (!heartbeat_text) return because("missing separator");
    const auto heartbeat = parse_scaled_duration(*heartbeat_text, Seconds{1});
    if (!heartbeat) return because(heartbeat.error().message);
    const auto minimum_text = take_until(rest, ':');
    const std::string_view maximum_text = rest.substr(0, rest.find(':'));
    if (!minimum_text || minimum_text->empty() || maximum_text.empty()) {
        return because("failed to extract min:max");
    }
    const auto minimum = read_limit(*minimum_text, "min");
    if (!minimum) return std::unexpected(minimum.error());
    const auto maximum = read_limit(maximum_text, "max");
    if (!maximum) return std::unexpected(maximum.error());
    if (minimum->number() >= maximum->number()) {
        return because("min must be less than max in DS definition");
    }
    record.parameters[SourceRecord::kHeartbeat] = Slot::of_count(*heartbeat);
    record.parameters[SourceRecord::kMinimum] = *minimum;
    record.parameters[SourceRecord::kMaximum] = *maximum;
    return {};
}

Result<void> read_program(std::string_view text, std::span<const SourceRecord> earlier,
                          SourceRecord& record) {
    const auto program = parse_compute(text, earlier);
    if (!program) return std::unexpected(program.error());
    write_compute(*program, record);
    return {};
}

}  // namespace

bool is_source_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= kSourceNameBytesMax &&
           std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-';
           });
}

Result<SourceDefinition> parse_source(std::string_view text,
                                      std::span<const SourceRecord> earlier) {
    SourceDefinition definition;
    std::string_view rest = text;
    const auto names = take_until(rest, ':');
    const auto type_text = take_until(rest, ':');
    const bool has_form =
        names && read_names(*names, definition) && type_text && !type_text->empty() &&
        std::ranges::all_of(*type_text, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!has_form || rest.empty()) return invalid("invalid DS format");
    const std::string_view name = text_of(definition.record.name);
    const auto same_name = [&](const SourceRecord& other) { return text_of(other.name) == name; };
    if (std::ranges::any_of(earlier, same_name)) {
        return invalid(fmt::format("Duplicate DS name: {}", name));
    }
    const auto type = parse_ds_type(*type_text);
    if (!type) return invalid(fmt::format("invalid DS type specified ({})", *type_text));
    set_text(definition.record.type, *type_text);
    const auto read = *type == DsType::kCompute ? read_program(rest, earlier, definition.record)
                                                : read_parameters(rest, definition.record);
    if (!read) return std::unexpected(read.error());
    return definition;
}

}  // namespace kurabe::store::rrd
