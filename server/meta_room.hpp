// How much a host has of descriptions, and whether there is room for more of them.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kurabe::server {

// What a host has of one plugin.
struct MetaSize {
    std::size_t keys = 0;
    std::size_t bytes = 0;
    bool may_begin = true;  // the plugin is there, or there is room for one more
};
// Of one host, as far as a report changes them.
struct MetaSizes {
    std::map<std::string_view, MetaSize> plugins;  // views of the report
    std::size_t begun = 0;                         // plugins that were not there before
    std::optional<std::size_t> host_bytes;         // of all plugins, once something grew
};

// Why a plugin cannot have so much; none when it can. The limits are those of metadata.hpp.
[[nodiscard]] std::optional<std::string> want_of_room(const MetaSize& size);

}  // namespace kurabe::server
