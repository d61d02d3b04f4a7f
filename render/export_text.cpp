// Choice of the format, and what all formats share.
#include "render/export_text.hpp"

#include <fmt/format.h>

namespace kurabe::render {

Result<std::string> export_time(Time time, const ExportStyle& style, const store::TimeZone& zone) {
    if (style.time_format) return zone.format(*style.time_format, time);
    return fmt::format("{}", time.time_since_epoch().count());
}

Result<std::string> export_text(const ExportTable& table, const GraphOptions& options,
                                const store::TimeZone& callers_zone) {
    const store::TimeZone zone = options.zone.value_or(callers_zone);
    ExportStyle style;
    if (options.x_grid) style.time_format = options.x_grid->label_format;
    switch (options.format) {
        case ImageFormat::kXml:
        case ImageFormat::kXmlEnum:
            style.show_time = true;
            style.enumerated = options.format == ImageFormat::kXmlEnum;
            return export_xml(table, style, zone);
        case ImageFormat::kJson:
        case ImageFormat::kJsonTime:
            style.show_time = options.format == ImageFormat::kJsonTime;
            return export_json(table, style, zone);
        case ImageFormat::kCsv:
            return export_separated(table, ',', style, zone);
        case ImageFormat::kTsv:
            return export_separated(table, '\t', style, zone);
        case ImageFormat::kSsv:
            return export_separated(table, ';', style, zone);
        case ImageFormat::kPng:
        case ImageFormat::kSvg:
        case ImageFormat::kPdf:
        case ImageFormat::kEps:
        case ImageFormat::kLayout:
            break;
    }
    return fail(ErrorCode::kInvalid, "a picture is no export");
}

}  // namespace kurabe::render
