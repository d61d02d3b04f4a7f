// Reads attributes and values line by line.
#include "collectors/munin/answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "collectors/host_port.hpp"
#include "collectors/line_text.hpp"
#include "collectors/printable.hpp"
#include "store/trimmed.hpp"

namespace kurabe::collectors::munin {
namespace {

constexpr std::size_t kNameBytesMax = 128;
constexpr std::size_t kShownLineBytes = 60;
constexpr store::Seconds kUpdateRateMax{86'400};
constexpr std::array<std::string_view, 4> kFailures{"Timed out", "Bad exit", "Unknown service",
                                                    "Unknown command"};

bool is_field_name(std::string_view name) {
    return !name.empty() && name.size() <= kNameBytesMax && consists_of(name, "_-");
}

bool is_no(std::string_view text) {
    return text == "no" || text == "No" || text == "NO" || text == "0";
}

std::optional<double> parse_number(std::string_view text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end || !std::isfinite(number)) return std::nullopt;
    return number;
}

std::optional<store::DsType> parse_type(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, store::DsType>, 4> kTypes{
        {{"GAUGE", store::DsType::kGauge},
         {"COUNTER", store::DsType::kCounter},
         {"DERIVE", store::DsType::kDerive},
         {"ABSOLUTE", store::DsType::kAbsolute}}};
    std::string upper(text);
    std::ranges::transform(upper, upper.begin(), [](char byte) {
        return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
    });
    const auto found =
        std::ranges::find(kTypes, upper, [](const auto& type) { return type.first; });
    return found == kTypes.end() ? std::nullopt : std::optional(found->second);
}

// Attributes that are kept as text.
struct ServiceText {
    std::string_view name;
    std::string Service::* text;
};
constexpr std::array kServiceTexts{
    ServiceText{"graph_title", &Service::title},
    ServiceText{"graph_args", &Service::arguments},
    ServiceText{"graph_vlabel", &Service::vlabel},
    ServiceText{"graph_category", &Service::category},
    ServiceText{"graph_order", &Service::order},
    ServiceText{"graph_period", &Service::period},
    ServiceText{"graph_printf", &Service::printf},
    ServiceText{"graph_total", &Service::total},
};
struct FieldText {
    std::string_view name;
    std::string Field::* text;
};
constexpr std::array kFieldTexts{
    FieldText{"label", &Field::label},       FieldText{"draw", &Field::draw},
    FieldText{"colour", &Field::colour},     FieldText{"cdef", &Field::cdef},
    FieldText{"negative", &Field::negative}, FieldText{"sum", &Field::sum},
    FieldText{"line", &Field::line},         FieldText{"warning", &Field::warning},
    FieldText{"critical", &Field::critical},
};

// Values without a time are of now, and come first: of those no more can wait.
store::SampleTime order_of(const FieldValue& value) {
    return value.time.value_or(store::SampleTime{});
}

}  // namespace

void AnswerReader::read(std::string_view lines) {
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        take(line);
    }
}

Answer AnswerReader::finish() {
    keep_oldest();
    return std::move(answer_);
}

void AnswerReader::complain(std::string_view what, std::string_view of) {
    if (answer_.complaints.size() >= kComplaintsMax) return;
    answer_.complaints.push_back(fmt::format("{}: {}", what, printable(of, kShownLineBytes)));
}

void AnswerReader::take(std::string_view line) {
    if (line.size() > kLineBytesMax) return complain("a line is too long", line);
    line = store::trimmed(line);
    if (line.empty()) return;
    if (line.starts_with('#')) return take_comment(store::trimmed(line.substr(1)));
    if (!is_utf8(line)) return complain("a line is not UTF-8", line);
    const std::string_view name = line.substr(0, line.find_first_of(" \t"));
    const std::string_view value = store::trimmed(line.substr(name.size()));
    if (name == "multigraph") return begin_service(value);
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return take_attribute(name, value);
    take_of_field(name.substr(0, dot), name.substr(dot + 1), value);
}

// Only those of munin-node itself say something.
void AnswerReader::take_comment(std::string_view comment) {
    for (const std::string_view failure : kFailures) {
        if (answer_.failure.empty() && comment.starts_with(failure)) answer_.failure = failure;
    }
}

void AnswerReader::begin_service(std::string_view name) {
    service_.reset();
    service_name_ = is_service_name(name) ? name : "";
    if (service_name_.empty()) complain("no graph can be called so", name);
}

Service* AnswerReader::service() {
    if (service_) return &answer_.services[*service_];
    if (!is_service_name(service_name_)) return nullptr;
    auto& services = answer_.services;
    const auto known = places_.find(service_name_);
    if (known == places_.end() && services.size() >= kServicesMax) {
        complain("more graphs than are kept", service_name_);
        return nullptr;
    }
    service_ = places_.emplace(service_name_, services.size()).first->second;
    if (known == places_.end()) services.emplace_back().name = service_name_;
    return &services[*service_];
}

void AnswerReader::take_attribute(std::string_view name, std::string_view value) {
    const auto known = std::ranges::find(kServiceTexts, name, &ServiceText::name);
    Service* const of = service();
    if (of == nullptr) return;
    if (known != kServiceTexts.end()) {
        (of->*(known->text)) = value;
    } else if (name == "graph") {
        of->graph = !is_no(value);
    } else if (name == "graph_scale") {
        of->scale = !is_no(value);
    } else if (name == "update_rate") {
        const auto seconds = parse_number(value);
        if (!seconds || *seconds < 1 || *seconds > static_cast<double>(kUpdateRateMax.count())) {
            return complain("no update_rate", value);
        }
        of->update_rate = store::Seconds{static_cast<std::int64_t>(*seconds)};
    }
}

Field* AnswerReader::field(Service& of, std::string_view name) {
    const auto known = std::ranges::find(of.fields, name, &Field::name);
    if (known != of.fields.end()) return &*known;
    if (!is_field_name(name)) {
        complain("no field can be called so", name);
        return nullptr;
    }
    if (of.fields.size() >= kFieldsMax || fields_ >= kFieldsOfAnswerMax) {
        complain("more fields than are kept", name);
        return nullptr;
    }
    ++fields_;
    Field& added = of.fields.emplace_back();
    added.name = name;
    return &added;
}

void AnswerReader::take_of_field(std::string_view name, std::string_view attribute,
                                 std::string_view value) {
    Service* const of = service();
    if (of == nullptr) return;
    Field* const found = field(*of, name);
    if (found == nullptr) return;
    if (attribute == "value") return take_value(*found, value);
    set(*found, attribute, value);
}

void AnswerReader::set(Field& field, std::string_view attribute, std::string_view value) {
    const auto known = std::ranges::find(kFieldTexts, attribute, &FieldText::name);
    if (known != kFieldTexts.end()) {
        (field.*(known->text)) = value;
    } else if (attribute == "graph") {
        field.graph = !is_no(value);
    } else if (attribute == "type") {
        const auto type = parse_type(value);
        if (!type) return complain("no type", value);
        field.type = *type;
    } else if (attribute == "min" || attribute == "max") {
        (attribute == "min" ? field.min : field.max) = parse_number(value);
    }
}

// "N", "U" or "EPOCH:N".
void AnswerReader::take_value(const Field& field, std::string_view value) {
    FieldValue taken{.service = *service_, .field = field.name, .text = {}};
    const std::size_t colon = value.find(':');
    if (colon != std::string_view::npos && value.substr(0, colon) != "N") {
        const auto time = parse_epoch(value.substr(0, colon));
        if (!time) return complain("a value with no time", value);
        taken.time = *time;
    }
    taken.text = store::trimmed(value.substr(colon == std::string_view::npos ? 0 : colon + 1));
    if (left_out_from_ && order_of(taken) >= *left_out_from_) return;
    answer_.values.push_back(std::move(taken));
    if (answer_.values.size() >= 2 * values_max_) keep_oldest();
}

void AnswerReader::keep_oldest() {
    auto& values = answer_.values;
    if (values.size() <= values_max_) return;
    const auto end = values.begin() + static_cast<std::ptrdiff_t>(values_max_);
    std::ranges::nth_element(values, end, {}, order_of);
    left_out_from_ = order_of(*end);
    answer_.has_more = true;
    values.erase(end, values.end());
}

const Field* Service::find(std::string_view field) const noexcept {
    const auto found = std::ranges::find(fields, field, &Field::name);
    return found == fields.end() ? nullptr : &*found;
}

Answer read_answer(std::string_view text, std::string_view service) {
    AnswerReader reader(service);
    reader.read(text);
    return reader.finish();
}

Answer with_services(Answer values, std::vector<Service> services) {
    Answer whole{.services = std::move(services), .values = {}, .failure = {}, .complaints = {}};
    for (FieldValue& value : values.values) {
        const std::string& name = values.services[value.service].name;
        const auto found = std::ranges::find(whole.services, name, &Service::name);
        if (found == whole.services.end()) continue;
        value.service = static_cast<std::size_t>(found - whole.services.begin());
        whole.values.push_back(std::move(value));
    }
    return whole;
}

bool is_service_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= kNameBytesMax && consists_of(name, "._-") &&
           !name.starts_with('-') && !name.starts_with('.') && !name.ends_with('.');
}

std::string series_key(const Service& service, const Field& field) {
    std::string_view type = "gauge";
    if (field.type == store::DsType::kCounter) type = "counter";
    if (field.type == store::DsType::kDerive) type = "derive";
    if (field.type == store::DsType::kAbsolute) type = "absolute";
    return fmt::format("{}.{}.{}", service.name, field.name, type);
}

Result<store::RawValue> raw_value(std::string_view text, store::DsType type) {
    auto value = store::parse_raw_value(text, type);
    const bool counts = type == store::DsType::kCounter || type == store::DsType::kDerive;
    if (value || !counts) return value;
    const auto number = parse_number(text);
    constexpr double kMost = 1e18;
    if (!number || std::abs(*number) > kMost) return value;
    return store::parse_raw_value(fmt::format("{:.0f}", std::trunc(*number)), type);
}

}  // namespace kurabe::collectors::munin
