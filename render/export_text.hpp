// An ExportTable as text: XML, JSON, and values between separators. Last stage of an export.
// Rule: rrdxport(1) and rrdgraph(1), "--imgformat"; the same bytes as rrdtool 1.7.2, except that
// JSON is always JSON (docs/rrdtool-differences.md).
#pragma once

#include <optional>
#include <string>

#include "render/export_table.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

struct ExportStyle {
    bool show_time = false;                  // begin each row with its time
    bool enumerated = false;                 // XML: <v0>, <v1> instead of <v>
    std::optional<std::string> time_format;  // strftime's; seconds since the epoch without it
};

// Each kInvalid when strftime does not know the format.
[[nodiscard]] Result<std::string> export_xml(const ExportTable& table, const ExportStyle& style,
                                             const store::TimeZone& zone);
[[nodiscard]] Result<std::string> export_json(const ExportTable& table, const ExportStyle& style,
                                              const store::TimeZone& zone);
// Rows always begin with their time.
[[nodiscard]] Result<std::string> export_separated(const ExportTable& table, char separator,
                                                   const ExportStyle& style,
                                                   const store::TimeZone& zone);

// What `graph --imgformat` writes; for formats that are exports only.
[[nodiscard]] Result<std::string> export_text(const ExportTable& table, const GraphOptions& options,
                                              const store::TimeZone& zone);

// A time as the style has it.
[[nodiscard]] Result<std::string> export_time(Time time, const ExportStyle& style,
                                              const store::TimeZone& zone);

}  // namespace kurabe::render
