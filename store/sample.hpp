// What collectors hand to the store: raw readings of named series at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// 29 digits of a counter, the longest text that rrdtool keeps, fit.
__extension__ typedef __int128 WideInteger;

// A reading before any rate is computed. COUNTER and DERIVE keep integers exactly, because rrdtool
// subtracts their decimal texts; GAUGE and ABSOLUTE are numbers.
struct RawValue {
    enum class Kind : std::uint8_t { kMissing, kNumber, kInteger };
    Kind kind = Kind::kMissing;  // "U"
    double number = 0;           // of kNumber
    WideInteger integer = 0;     // of kInteger

    [[nodiscard]] static RawValue unknown() noexcept { return {}; }
    [[nodiscard]] static RawValue of(double number) noexcept { return {Kind::kNumber, number, 0}; }
    [[nodiscard]] static RawValue of_integer(WideInteger integer) noexcept {
        return {Kind::kInteger, 0, integer};
    }
};

// Reads the text of one value as rrdtool's `update` does for a DS of this type: "U..." is unknown;
// GAUGE and ABSOLUTE take rrdtool's own number grammar (see number.hpp), COUNTER digits only,
// DERIVE digits with an optional "-". Fails with kInvalid and rrdtool's message.
[[nodiscard]] Result<RawValue> parse_raw_value(std::string_view text, DsType type);

// A series of the store: "HOST/PLUGIN/KEY". HOST ends at the first '/', KEY begins after the last,
// so PLUGIN (Kurado's plugin identifier, such as "http:80:/server-status") may hold slashes.
struct SeriesName {
    std::string host;
    std::string plugin;
    std::string key;  // ends in ".gauge", ".counter", ".derive" or ".absolute"

    // Fails with kInvalid for a missing part, a control byte or a part over its limit.
    [[nodiscard]] static Result<SeriesName> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    auto operator<=>(const SeriesName&) const = default;
};

inline constexpr std::size_t kHostBytesMax = 128;
inline constexpr std::size_t kPluginBytesMax = 512;
inline constexpr std::size_t kKeyBytesMax = 512;

// Each fails with kInvalid and says what is wrong: empty, over its limit, a control byte, a '/'.
[[nodiscard]] Result<void> check_host(std::string_view host);
[[nodiscard]] Result<void> check_plugin(std::string_view plugin);
[[nodiscard]] Result<void> check_key(std::string_view key);

// The DS type a key's suffix names; kInvalid when it names none.
[[nodiscard]] Result<DsType> ds_type_of_key(std::string_view key);

struct Sample {
    std::string plugin;
    std::string key;
    RawValue value;
    SampleTime time;
};

// Samples of one host, in any order of series; the samples of one series oldest first.
struct Batch {
    std::string host;
    std::vector<Sample> samples;
};

}  // namespace kurabe::store
