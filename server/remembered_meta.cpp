// Forgets everything when it is full: what is asked for is soon read again.
#include "server/remembered_meta.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kEntryBytes = 128;  // of a map, with two texts

std::size_t bytes_of(std::string_view host, std::string_view plugin, const MetaMap& meta) {
    std::size_t bytes = 2 * kEntryBytes + host.size() + plugin.size();
    for (const auto& [key, value] : meta) bytes += kEntryBytes + key.size() + value.size();
    return bytes;
}

}  // namespace

const MetaMap* RememberedMeta::find(std::string_view host, std::string_view plugin) const {
    const auto of_host = by_host_.find(host);
    if (of_host == by_host_.end()) return nullptr;
    const auto found = of_host->second.find(plugin);
    return found == of_host->second.end() ? nullptr : &found->second;
}

void RememberedMeta::keep(std::string_view host, std::string_view plugin, const MetaMap& meta) {
    forget(host, plugin);
    const std::size_t bytes = bytes_of(host, plugin, meta);
    if (bytes > kRememberedPluginBytesMax) return;
    if (bytes_ + bytes > kRememberedBytesMax) {
        by_host_.clear();
        bytes_ = 0;
    }
    by_host_[std::string(host)].emplace(plugin, meta);
    bytes_ += bytes;
}

void RememberedMeta::forget(std::string_view host, std::string_view plugin) {
    const auto of_host = by_host_.find(host);
    if (of_host == by_host_.end()) return;
    const auto found = of_host->second.find(plugin);
    if (found == of_host->second.end()) return;
    bytes_ -= bytes_of(host, plugin, found->second);
    of_host->second.erase(found);
    if (of_host->second.empty()) by_host_.erase(of_host);
}

}  // namespace kurabe::server
