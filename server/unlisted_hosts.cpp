// Names, each with what it is counted for.
#include "server/unlisted_hosts.hpp"

#include <utility>

#include <fmt/format.h>

namespace kurabe::server {

UnlistedHosts::UnlistedHosts(IsListed is_listed, const std::vector<std::string>& stored,
                             std::size_t most)
    : is_listed_(std::move(is_listed)), most_(most) {
    const auto hosts = hosts_.lock();
    for (const std::string& host : stored) {
        if (!is_listed_(host)) hosts->emplace(host, Host{.is_stored = true});
    }
}

Result<void> UnlistedHosts::check(std::string_view host) const {
    if (is_listed_(host)) return {};
    return check_room(*hosts_.lock_shared(), host);
}

Result<void> UnlistedHosts::check_room(const Hosts& hosts, std::string_view host) const {
    if (hosts.size() < most_ || hosts.contains(host)) return {};
    return fail(ErrorCode::kLimit,
                fmt::format("'{}' is not in the configuration, and {} such hosts are stored; "
                            "add it, or raise 'unlisted_hosts'",
                            host, hosts.size()));
}

Result<UnlistedHosts::Place> UnlistedHosts::take_place(std::string_view host) {
    if (is_listed_(host)) return Place(nullptr, host);
    Place place(this, host);
    const auto hosts = hosts_.lock();
    if (auto room = check_room(*hosts, host); !room) {
        place.hosts_ = nullptr;
        return std::unexpected(std::move(room).error());
    }
    ++hosts->try_emplace(place.host_).first->second.places;
    return place;
}

void UnlistedHosts::leave(std::string_view host, bool is_stored) {
    const auto hosts = hosts_.lock();
    const auto found = hosts->find(host);
    if (found == hosts->end()) return;  // there was no memory for it
    --found->second.places;
    found->second.is_stored |= is_stored;
    if (!found->second.is_stored && found->second.places == 0) hosts->erase(found);
}

UnlistedHosts::Place::Place(Place&& other) noexcept
    : hosts_(std::exchange(other.hosts_, nullptr)),
      host_(std::move(other.host_)),
      is_stored_(other.is_stored_) {}

UnlistedHosts::Place::~Place() {
    if (hosts_ != nullptr) hosts_->leave(host_, is_stored_);
}

}  // namespace kurabe::server
