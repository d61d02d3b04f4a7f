// The meta of plugins that was read last: every picture asks for its plugin's, and a database takes
// longer to say so than a map.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "server/plugin_definition.hpp"

namespace kurabe::server {

// 16 MB at most.
inline constexpr std::size_t kRememberedMax = 4096;
inline constexpr std::size_t kRememberedBytesMax = 4 << 10;  // of one plugin; longer ones are not

// Not thread-safe.
class RememberedMeta {
  public:
    // Null when it is not known. Valid until the next call that is not const.
    [[nodiscard]] const MetaMap* find(std::string_view host, std::string_view plugin) const;
    void keep(std::string_view host, std::string_view plugin, const MetaMap& meta);
    // Some of the host's changes.
    void forget(std::string_view host);

  private:
    using OfHost = std::map<std::string, MetaMap, std::less<>>;
    std::map<std::string, OfHost, std::less<>> by_host_;
    std::size_t count_ = 0;
};

}  // namespace kurabe::server
