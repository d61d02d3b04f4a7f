// The meta of plugins that was read last: every picture asks for its plugin's, and a database takes
// longer to say so than a map.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "server/plugin_definition.hpp"

namespace kurabe::server {

inline constexpr std::size_t kRememberedBytesMax = 32 << 20;        // with what maps take
inline constexpr std::size_t kRememberedPluginBytesMax = 64 << 10;  // longer ones are read again

// Not thread-safe.
class RememberedMeta {
  public:
    // Null when it is not known. Valid until the next call that is not const.
    [[nodiscard]] const MetaMap* find(std::string_view host, std::string_view plugin) const;
    void keep(std::string_view host, std::string_view plugin, const MetaMap& meta);
    // It changes.
    void forget(std::string_view host, std::string_view plugin);

  private:
    using OfHost = std::map<std::string, MetaMap, std::less<>>;
    std::map<std::string, OfHost, std::less<>> by_host_;
    std::size_t bytes_ = 0;
};

}  // namespace kurabe::server
