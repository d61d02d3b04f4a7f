// Follows the elements of a dump and fills records with their texts.
#include "store/rrd/restore.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "store/number.hpp"
#include "store/rrd/compute_program.hpp"
#include "store/rrd/dump_elements.hpp"
#include "store/rrd/header_check.hpp"
#include "store/xml_reader.hpp"

namespace kurabe::store::rrd {
namespace {

using Place = DumpPlace;

// Up to the first blank.
std::string_view word_of(std::string_view text) noexcept {
    return text.substr(0, text.find_first_of(" \t\r\n"));
}

std::string lower(std::string_view name) {
    std::string result(name);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

// The digits that `text` begins with; none are zero, as in rrdtool.
Result<std::uint64_t> count_in(std::string_view text) {
    std::uint64_t count = 0;
    const auto error = std::from_chars(text.data(), text.data() + text.size(), count).ec;
    if (text.starts_with('-') || error == std::errc::result_out_of_range) {
        return invalid(fmt::format("'{}' is no count", text));
    }
    return count;
}

template <std::size_t N>
Result<void> put_text(std::string_view text, std::array<char, N>& field) {
    if (text.size() >= N) return invalid(fmt::format("'{}' is longer than {}", text, N - 1));
    set_text(field, text);
    return {};
}

// Of what becomes a time or a length of time.
Result<std::int64_t> seconds_in(std::string_view text) {
    const auto count = count_in(text);
    if (!count) return std::unexpected(count.error());
    if (*count > std::uint64_t{kSpanMax_s}) {
        return invalid(fmt::format("'{}' is more time than there is", text));
    }
    return static_cast<std::int64_t>(*count);
}

}  // namespace

class Restore::Reader : public XmlHandler {
  public:
    explicit Reader(bool checks_range) : checks_range_(checks_range), xml_(*this) {}

    Result<void> begin_element(std::string_view name) override;
    Result<void> end_element(std::string_view text) override;

    XmlReader& xml() noexcept { return xml_; }
    // After the end of the document.
    Result<Restored> finish();

  private:
    Result<void> begin_place(Place place);
    Result<void> end_place(Place place);
    Result<void> begin_source();
    Result<void> begin_rra();
    Result<void> begin_cdp();
    Result<void> check_size() const;
    Result<void> end_cdps() const;
    Result<void> end_row() const;

    [[nodiscard]] std::span<Slot> slots_of(DumpField::Target target) noexcept;
    Result<void> take(const DumpField& field, std::string_view text);
    Result<void> take_by_name(DumpField::Kind kind, std::string_view text);
    Result<void> take_version(std::string_view text);
    Result<void> take_step(std::string_view text);
    Result<void> take_last_update(std::string_view text);
    Result<void> take_type(std::string_view text);
    Result<void> take_program(std::string_view text);
    Result<void> take_cf(std::string_view text);
    Result<void> take_pdp_per_row(std::string_view text);
    void take_history(std::string_view text) noexcept;
    Result<void> take_value(std::string_view text);
    [[nodiscard]] bool is_out_of_range(Value value, std::size_t source) const noexcept;

    [[nodiscard]] CdpRecord& current_cdp() noexcept {
        return header_.cdp(header_.rras.size() - 1, begun_cdps_ - 1);
    }

    bool checks_range_;
    Header header_;
    int version_ = 0;  // of the dump; 0 until it was read
    std::vector<std::vector<Value>> rows_;
    std::uint64_t values_ = 0;    // in all rows
    std::size_t begun_cdps_ = 0;  // of the current RRA
    std::size_t row_values_ = 0;  // of the current row
    std::vector<Place> places_{Place::kDocument};
    const DumpField* field_ = nullptr;  // the element that is open, if it holds text
    XmlReader xml_;
};

Result<void> Restore::Reader::begin_element(std::string_view name) {
    const std::string tag = lower(name);
    const Place parent = places_.back();
    if (field_ != nullptr) {
        return invalid(fmt::format("expected text in <{}> but found <{}>", field_->tag, tag));
    }
    if (const auto place = find_place(parent, tag)) {
        places_.push_back(*place);
        return begin_place(*place);
    }
    field_ = find_field(parent, tag);
    if (field_ != nullptr) return {};
    return invalid(fmt::format("unknown tag <{}> in <{}>", tag, place_tag(parent)));
}

Result<void> Restore::Reader::end_element(std::string_view text) {
    if (field_ != nullptr) return take(*std::exchange(field_, nullptr), text);
    const Place place = places_.back();
    places_.pop_back();
    if (text.empty()) return end_place(place);
    return invalid(fmt::format("expected element but found text '{}'", text));
}

Result<void> Restore::Reader::begin_place(Place place) {
    switch (place) {
        case Place::kSource:
            return begin_source();
        case Place::kRra:
            return begin_rra();
        case Place::kCdp:
            return begin_cdp();
        case Place::kRow:
            row_values_ = 0;
            ++header_.rras.back().rows;
            return {};
        default:
            return {};
    }
}

Result<void> Restore::Reader::end_place(Place place) {
    if (place == Place::kCdps) return end_cdps();
    if (place == Place::kRow) return end_row();
    return {};
}

Result<void> Restore::Reader::begin_source() {
    if (!header_.rras.empty()) {
        return invalid("All data source definitions MUST precede the RRA definitions!");
    }
    header_.sources.emplace_back();
    header_.pdps.emplace_back();
    return check_size();
}

Result<void> Restore::Reader::begin_rra() {
    header_.rras.push_back({});
    rows_.emplace_back();
    header_.cdps.resize(header_.cdps.size() + header_.sources.size());
    begun_cdps_ = 0;
    return check_size();
}

Result<void> Restore::Reader::check_size() const {
    if (header_.bytes() <= kHeaderBytesMax) return {};
    return fail(ErrorCode::kLimit, fmt::format("a header of more than {} bytes", kHeaderBytesMax));
}

Result<void> Restore::Reader::begin_cdp() {
    if (++begun_cdps_ <= header_.sources.size()) return {};
    return invalid(fmt::format("<cdp_prep> holds more than {} <ds>", header_.sources.size()));
}

Result<void> Restore::Reader::end_cdps() const {
    if (begun_cdps_ == header_.sources.size()) return {};
    return invalid(fmt::format("<cdp_prep> holds {} <ds> for {} data sources", begun_cdps_,
                               header_.sources.size()));
}

Result<void> Restore::Reader::end_row() const {
    if (row_values_ == header_.sources.size()) return {};
    return invalid(
        fmt::format("<row> holds {} <v> for {} data sources", row_values_, header_.sources.size()));
}

std::span<Slot> Restore::Reader::slots_of(DumpField::Target target) noexcept {
    switch (target) {
        case DumpField::Target::kSource:
            return header_.sources.back().parameters;
        case DumpField::Target::kPdp:
            return header_.pdps.back().slots;
        case DumpField::Target::kRra:
            return header_.rras.back().parameters;
        case DumpField::Target::kCdp:
            return current_cdp().slots;
        case DumpField::Target::kNone:
            break;
    }
    return {};
}

Result<void> Restore::Reader::take(const DumpField& field, std::string_view text) {
    if (field.kind == DumpField::Kind::kNumber) {
        const auto number = parse_number(text);
        if (!number) return std::unexpected(number.error());
        slots_of(field.target)[field.slot] = Slot::of_number(*number);
        return {};
    }
    if (field.kind == DumpField::Kind::kCount) {
        const auto count = count_in(text);
        if (!count) return std::unexpected(count.error());
        slots_of(field.target)[field.slot] = Slot::of_count(*count);
        return {};
    }
    return take_by_name(field.kind, text);
}

Result<void> Restore::Reader::take_by_name(DumpField::Kind kind, std::string_view text) {
    switch (kind) {
        case DumpField::Kind::kVersion:
            return take_version(text);
        case DumpField::Kind::kStep:
            return take_step(text);
        case DumpField::Kind::kLastUpdate:
            return take_last_update(text);
        case DumpField::Kind::kName:
            return put_text(word_of(text), header_.sources.back().name);
        case DumpField::Kind::kType:
            return take_type(word_of(text));
        case DumpField::Kind::kProgram:
            return take_program(text);
        case DumpField::Kind::kReading:
            return put_text(word_of(text), header_.pdps.back().last_reading);
        case DumpField::Kind::kCf:
            return take_cf(word_of(text));
        case DumpField::Kind::kPdpPerRow:
            return take_pdp_per_row(text);
        case DumpField::Kind::kHistory:
            take_history(text);
            return {};
        default:
            return take_value(text);
    }
}

Result<void> Restore::Reader::take_version(std::string_view text) {
    const auto version = count_in(text);
    if (!version || *version == 0) return invalid(fmt::format("'{}' is no version", text));
    if (*version > std::uint64_t{kVersionMax}) {
        return fail(ErrorCode::kUnsupported, fmt::format("can't handle RRD file version {}", text));
    }
    version_ = static_cast<int>(*version);
    return {};
}

Result<void> Restore::Reader::take_step(std::string_view text) {
    const auto step = seconds_in(text);
    if (!step) return std::unexpected(step.error());
    if (*step == 0) return invalid("a step of no seconds");
    header_.step = Seconds{*step};
    return {};
}

Result<void> Restore::Reader::take_last_update(std::string_view text) {
    const auto last = seconds_in(text);
    if (!last) return std::unexpected(last.error());
    header_.live.last_update_seconds = *last;
    return {};
}

Result<void> Restore::Reader::take_type(std::string_view text) {
    if (!parse_ds_type(text)) return invalid(fmt::format("Unknown data source type: {}", text));
    set_text(header_.sources.back().type, text);
    return {};
}

Result<void> Restore::Reader::take_program(std::string_view text) {
    const auto earlier = std::span(header_.sources).first(header_.sources.size() - 1);
    const auto program = parse_compute(text, earlier);
    if (!program) return std::unexpected(program.error());
    write_compute(*program, header_.sources.back());
    return {};
}

Result<void> Restore::Reader::take_cf(std::string_view text) {
    if (!parse_rra_cf(text)) {
        return invalid(fmt::format("Unknown consolidation function: {}", text));
    }
    set_text(header_.rras.back().cf, text);
    return {};
}

Result<void> Restore::Reader::take_pdp_per_row(std::string_view text) {
    const auto count = count_in(text);
    if (!count) return std::unexpected(count.error());
    header_.rras.back().pdp_per_row = *count;
    return {};
}

// One digit per row of the window.
void Restore::Reader::take_history(std::string_view text) noexcept {
    const auto history = std::as_writable_bytes(std::span(current_cdp().slots));
    const std::size_t count = std::min(text.size(), CdpRecord::kHistoryMax);
    for (std::size_t i = 0; i < count; ++i) {
        history[i] = text[i] == '1' ? std::byte{1} : std::byte{0};
    }
}

Result<void> Restore::Reader::take_value(std::string_view text) {
    const auto value = parse_number(text);
    if (!value) return std::unexpected(value.error());
    if (++values_ > kRestoredValuesMax) {
        return fail(ErrorCode::kLimit, fmt::format("more than {} values", kRestoredValuesMax));
    }
    const bool is_wrong = checks_range_ && is_out_of_range(*value, row_values_);
    rows_.back().push_back(is_wrong ? kFileUnknown : as_stored(*value));
    ++row_values_;
    return {};
}

// Computed ones have no range.
bool Restore::Reader::is_out_of_range(Value value, std::size_t source) const noexcept {
    if (source >= header_.sources.size()) return false;
    const SourceRecord& record = header_.sources[source];
    if (parse_ds_type(text_of(record.type)) == DsType::kCompute) return false;
    return value < record.parameters[SourceRecord::kMinimum].number() ||
           value > record.parameters[SourceRecord::kMaximum].number();
}

Result<Restored> Restore::Reader::finish() {
    if (version_ == 0) return invalid("the dump has no version");
    if (header_.sources.empty()) return invalid("the dump has no data source");
    if (header_.rras.empty()) return invalid("the dump has no RRA");
    if (auto checked = check_records(header_); !checked) return std::unexpected(checked.error());
    header_.version = std::max(version_, kVersionOfMicros);
    raise_version(header_, needed_version(header_));
    return Restored{.header = std::move(header_), .rows = std::move(rows_)};
}

Restore::Restore(bool checks_range) : reader_(std::make_unique<Reader>(checks_range)) {}

Restore::~Restore() = default;

Result<void> Restore::feed(std::string_view text) {
    return reader_->xml().feed(text);
}

Result<Restored> Restore::finish() {
    if (auto ended = reader_->xml().finish(); !ended) return std::unexpected(ended.error());
    return reader_->finish();
}

void put_in_place(std::vector<Value>& oldest_first, std::size_t sources,
                  std::uint64_t current_row) {
    const std::size_t before_oldest = (current_row + 1) * sources % oldest_first.size();
    std::ranges::rotate(oldest_first,
                        oldest_first.end() - static_cast<std::ptrdiff_t>(before_oldest));
}

}  // namespace kurabe::store::rrd
