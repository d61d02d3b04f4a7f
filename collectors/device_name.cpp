// Names of devices as they appear in metrics' keys.
#include "collectors/device_name.hpp"

#include <algorithm>

#include "collectors/fields.hpp"

namespace kurabe::collectors {

std::string key_name(std::string_view device) {
    std::string name(device);
    std::ranges::replace_if(
        name,
        [](char byte) {
            return !((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || byte == '_' || byte == '-');
        },
        '_');
    return name;
}

bool is_numbered(std::string_view device, std::string_view prefix) noexcept {
    return device.starts_with(prefix) && parse_count(device.substr(prefix.size())).has_value();
}

}  // namespace kurabe::collectors
