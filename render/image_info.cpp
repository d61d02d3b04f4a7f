// One scan that checks, one that fills in.
#include "render/image_info.hpp"

#include <array>

#include <fmt/format.h>

namespace kurabe::render {

namespace {

constexpr std::array<std::string_view, 3> kFields = {"%s", "%lu", "%lu"};

// Calls `on_text` for what is printed as it is and `on_field` for each of kFields; false when the
// format is not of that form.
template <typename OnText, typename OnField>
bool scan(std::string_view format, OnText on_text, OnField on_field) {
    std::size_t next_field = 0;
    while (!format.empty()) {
        const std::size_t percent = std::min(format.find('%'), format.size());
        on_text(format.substr(0, percent));
        format.remove_prefix(percent);
        if (format.empty()) break;
        if (format.starts_with("%%")) {
            on_text(format.substr(0, 1));
            format.remove_prefix(2);
        } else if (next_field < kFields.size() && format.starts_with(kFields[next_field])) {
            on_field(next_field);
            format.remove_prefix(kFields[next_field].size());
            ++next_field;
        } else {
            return false;
        }
    }
    return next_field == kFields.size();
}

}  // namespace

Result<void> check_image_info(std::string_view format) {
    if (format.empty() || scan(
                              format, [](auto) {}, [](auto) {}))
        return {};
    return fail(ErrorCode::kInvalid,
                fmt::format("invalid format string '{}' (should match "
                            "'^(?:[^%]+|%%)*%s(?:[^%]+|%%)*%lu(?:[^%]+|%%)*%lu(?:[^%]+|%%)*$')",
                            format));
}

std::string image_info_text(std::string_view format, std::string_view file_name, ImageSize size) {
    std::string text;
    (void)scan(
        format, [&text](std::string_view part) { text += part; },
        [&](std::size_t field) {
            if (field == 0) text += file_name;
            if (field == 1) text += std::to_string(size.width_px);
            if (field == 2) text += std::to_string(size.height_px);
        });
    return text;
}

}  // namespace kurabe::render
