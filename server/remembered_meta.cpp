// Forgets everything when it is full: what is asked for is soon read again.
#include "server/remembered_meta.hpp"

namespace kurabe::server {
namespace {

bool is_short(const MetaMap& meta) {
    std::size_t bytes = 0;
    for (const auto& [key, value] : meta) bytes += key.size() + value.size();
    return bytes <= kRememberedBytesMax;
}

}  // namespace

const MetaMap* RememberedMeta::find(std::string_view host, std::string_view plugin) const {
    const auto of_host = by_host_.find(host);
    if (of_host == by_host_.end()) return nullptr;
    const auto found = of_host->second.find(plugin);
    return found == of_host->second.end() ? nullptr : &found->second;
}

void RememberedMeta::keep(std::string_view host, std::string_view plugin, const MetaMap& meta) {
    if (!is_short(meta) || find(host, plugin) != nullptr) return;
    if (count_ >= kRememberedMax) {
        by_host_.clear();
        count_ = 0;
    }
    by_host_[std::string(host)].emplace(plugin, meta);
    ++count_;
}

void RememberedMeta::forget(std::string_view host) {
    const auto of_host = by_host_.find(host);
    if (of_host == by_host_.end()) return;
    count_ -= of_host->second.size();
    by_host_.erase(of_host);
}

}  // namespace kurabe::server
