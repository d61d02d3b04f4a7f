// Compares with the named limits.
#include "server/meta_room.hpp"

#include <fmt/format.h>

#include "server/metadata.hpp"

namespace kurabe::server {

std::optional<std::string> want_of_room(const MetaSize& size) {
    if (!size.may_begin) return fmt::format("the host has {} plugins already", kMetaPluginsMax);
    if (size.keys > kMetaKeysMax) {
        return fmt::format("the plugin has {} meta already", kMetaKeysMax);
    }
    if (size.bytes > kMetaBytesMax) {
        return fmt::format("the plugin's meta would be over {} bytes", kMetaBytesMax);
    }
    return std::nullopt;
}

}  // namespace kurabe::server
