// Messages of SNMPv2c as bytes. Written from their end to their beginning, so that the length of
// what is inside is known when its header is written.
#include "tests/support/snmp_codec.hpp"

#include <algorithm>

namespace kurabe::tests {
namespace {

constexpr std::uint8_t kSequence = 0x30;

// The parts of a message in a row; keeps that something was wrong.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    [[nodiscard]] bool is_good() const { return is_good_; }
    [[nodiscard]] bool is_empty() const { return rest_.empty(); }
    [[nodiscard]] std::uint8_t next_tag() const {
        return rest_.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(rest_[0]);
    }
    // The content of the next part, whatever its tag.
    std::string_view part() {
        if (rest_.size() < 2) return fail();
        std::size_t length = byte(1);
        std::size_t header = 2;
        if (length > 0x7f) {
            const std::size_t count = length & 0x7f;
            if (count > 4 || rest_.size() < 2 + count) return fail();
            length = 0;
            for (std::size_t i = 0; i < count; ++i) length = length << 8 | byte(2 + i);
            header += count;
        }
        if (rest_.size() - header < length) return fail();
        const std::string_view content = rest_.substr(header, length);
        rest_.remove_prefix(header + length);
        return content;
    }
    std::string_view part(std::uint8_t tag) { return next_tag() == tag ? part() : fail(); }
    std::int64_t integer() {
        const std::string_view content = part(static_cast<std::uint8_t>(SnmpTag::kInteger));
        if (content.empty() || content.size() > 8) return 0;
        std::int64_t number = static_cast<signed char>(content[0]);
        for (const char next : content.substr(1)) {
            number = number * 256 + static_cast<unsigned char>(next);
        }
        return number;
    }
    SnmpOid oid() {
        SnmpOid oid;
        unsigned long number = 0;
        for (const char next : part(static_cast<std::uint8_t>(SnmpTag::kOid))) {
            const auto bits = static_cast<unsigned char>(next);
            number = number << 7 | (bits & 0x7fu);
            if (bits > 0x7f) continue;
            if (oid.empty()) {
                oid = {number / 40, number % 40};
            } else {
                oid.push_back(number);
            }
            number = 0;
        }
        return oid;
    }

  private:
    [[nodiscard]] std::size_t byte(std::size_t at) const {
        return static_cast<unsigned char>(rest_[at]);
    }
    std::string_view fail() {
        is_good_ = false;
        rest_ = {};
        return {};
    }

    std::string_view rest_;
    bool is_good_ = true;
};

// Bytes from the end to the beginning.
class Writer {
  public:
    [[nodiscard]] std::size_t size() const { return reversed_.size(); }
    void byte(std::uint64_t value) { reversed_ += static_cast<char>(value & 0xff); }
    // The header of what was written since `size` was `before`.
    void header(std::uint8_t tag, std::size_t before) {
        std::size_t length = reversed_.size() - before;
        if (length < 0x80) {
            byte(length);
        } else {
            std::uint8_t count = 0;
            for (; length > 0; length >>= 8, ++count) byte(length);
            byte(0x80u | count);
        }
        byte(tag);
    }
    void number(std::uint8_t tag, std::uint64_t value, bool is_signed) {
        const std::size_t before = size();
        const auto is_negative = is_signed && static_cast<std::int64_t>(value) < 0;
        std::uint64_t last = 0;
        do {
            last = value & 0xff;
            byte(last);
            value = is_negative ? value >> 8 | std::uint64_t{0xff} << 56 : value >> 8;
        } while (is_negative ? value != ~std::uint64_t{0} || last < 0x80
                             : value != 0 || last > 0x7f);
        header(tag, before);
    }
    void text(std::uint8_t tag, std::string_view text) {
        const std::size_t before = size();
        reversed_.append(text.rbegin(), text.rend());
        header(tag, before);
    }
    void oid(const SnmpOid& oid) {
        const std::size_t before = size();
        for (std::size_t i = oid.size(); i > 1; --i) {
            unsigned long value = i == 2 ? oid[0] * 40 + oid[1] : oid[i - 1];
            byte(value & 0x7f);
            for (value >>= 7; value > 0; value >>= 7) byte(0x80u | (value & 0x7f));
        }
        header(static_cast<std::uint8_t>(SnmpTag::kOid), before);
    }
    void value(const SnmpValue& value) {
        const auto tag = static_cast<std::uint8_t>(value.tag);
        switch (value.tag) {
            case SnmpTag::kText:
                return text(tag, value.text);
            case SnmpTag::kOid:
                return oid(value.oid);
            case SnmpTag::kInteger:
                return number(tag, value.number, true);
            case SnmpTag::kCounter32:
            case SnmpTag::kGauge:
            case SnmpTag::kTicks:
            case SnmpTag::kCounter64:
                return number(tag, value.number, false);
            default:
                return header(tag, size());
        }
    }
    [[nodiscard]] std::string take() && {
        std::ranges::reverse(reversed_);
        return std::move(reversed_);
    }

  private:
    std::string reversed_;
};

}  // namespace

std::optional<SnmpMessage> decode_snmp(std::string_view bytes) {
    constexpr std::int64_t kVersion2c = 1;
    Reader outside(bytes);
    Reader whole(outside.part(kSequence));
    if (whole.integer() != kVersion2c) return std::nullopt;
    SnmpMessage message;
    message.community = whole.part(static_cast<std::uint8_t>(SnmpTag::kText));
    message.kind = whole.next_tag();
    Reader pdu(whole.part());
    message.id = pdu.integer();
    message.error_status = pdu.integer();
    message.error_index = pdu.integer();
    Reader list(pdu.part(kSequence));
    while (!list.is_empty()) {
        Reader binding(list.part(kSequence));
        message.bindings.emplace_back(binding.oid(), SnmpValue{});
        if (!binding.is_good()) return std::nullopt;
    }
    if (!outside.is_good() || !whole.is_good() || !pdu.is_good() || !list.is_good()) {
        return std::nullopt;
    }
    return message;
}

std::string encode_snmp(const SnmpMessage& message) {
    constexpr auto kInteger = static_cast<std::uint8_t>(SnmpTag::kInteger);
    Writer writer;
    for (std::size_t i = message.bindings.size(); i > 0; --i) {
        const auto& [name, value] = message.bindings[i - 1];
        const std::size_t before = writer.size();
        writer.value(value);
        writer.oid(name);
        writer.header(kSequence, before);
    }
    writer.header(kSequence, 0);
    writer.number(kInteger, static_cast<std::uint64_t>(message.error_index), true);
    writer.number(kInteger, static_cast<std::uint64_t>(message.error_status), true);
    writer.number(kInteger, static_cast<std::uint64_t>(message.id), true);
    writer.header(message.kind, 0);
    writer.text(static_cast<std::uint8_t>(SnmpTag::kText), message.community);
    writer.number(kInteger, 1, true);
    writer.header(kSequence, 0);
    return std::move(writer).take();
}

}  // namespace kurabe::tests
