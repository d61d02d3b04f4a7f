// The elements of a dump: which stands in which, and what the text of each is.
// Source: the document type that dumps name, and dumps of rrdtool 1.7.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kurabe::store::rrd {

// Elements that hold others.
enum class DumpPlace : std::uint8_t {
    kDocument,
    kRrd,
    kSource,
    kRra,
    kParameters,
    kCdps,
    kCdp,
    kDatabase,
    kRow,
};

// The place that an element of that name begins within `parent`.
[[nodiscard]] std::optional<DumpPlace> find_place(DumpPlace parent, std::string_view tag) noexcept;
// Its name, for messages.
[[nodiscard]] std::string_view place_tag(DumpPlace place) noexcept;

// An element that holds text.
struct DumpField {
    // Numbers and counts go into a slot of the record `target`; the others are known by name.
    enum class Kind : std::uint8_t {
        kNumber,
        kCount,
        kVersion,
        kStep,
        kLastUpdate,
        kName,
        kType,
        kProgram,
        kReading,
        kCf,
        kPdpPerRow,
        kHistory,
        kValue,
    };
    enum class Target : std::uint8_t { kNone, kSource, kPdp, kRra, kCdp };

    DumpPlace parent;
    std::string_view tag;
    Kind kind;
    Target target = Target::kNone;
    std::size_t slot = 0;
};
// Nothing for an unknown one.
[[nodiscard]] const DumpField* find_field(DumpPlace parent, std::string_view tag) noexcept;

}  // namespace kurabe::store::rrd
