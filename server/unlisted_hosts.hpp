// How many hosts may be stored that the configuration does not list: every new one takes a file of
// megabytes, and whoever may push could name as many as there are names.
// Rule: our own key `unlisted_hosts:` of the configuration, docs/operations.md.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/guarded.hpp"
#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kUnlistedHostsMax = 1'000;  // unless the configuration says otherwise

// Thread-safe.
class UnlistedHosts {
  public:
    using IsListed = std::function<bool(std::string_view host)>;

    // A place that is taken while lines of the host are being stored, and left again unless
    // something of them was. Must not outlive the hosts.
    class Place {
      public:
        Place(Place&& other) noexcept;
        Place& operator=(Place&&) = delete;
        ~Place();
        // Something of the host is stored: it counts from now on.
        void keep() noexcept { is_stored_ = true; }

      private:
        friend class UnlistedHosts;
        Place(UnlistedHosts* hosts, std::string_view host) : hosts_(hosts), host_(host) {}

        UnlistedHosts* hosts_;  // none for a host that is listed
        std::string host_;
        bool is_stored_ = false;
    };

    // `stored` are the hosts that are there already; those that are not listed count.
    UnlistedHosts(IsListed is_listed, const std::vector<std::string>& stored, std::size_t most);

    // Whether lines of the host may be taken now; nothing counts for having asked. kLimit says what
    // would be right.
    [[nodiscard]] Result<void> check(std::string_view host) const;
    // Before its lines are stored. kLimit as check().
    [[nodiscard]] Result<Place> take_place(std::string_view host);

  private:
    struct Host {
        bool is_stored = false;
        std::size_t places = 0;
    };
    using Hosts = std::map<std::string, Host, std::less<>>;

    [[nodiscard]] Result<void> check_room(const Hosts& hosts, std::string_view host) const;
    void leave(std::string_view host, bool is_stored);

    IsListed is_listed_;
    std::size_t most_;
    store::Guarded<Hosts> hosts_;
};

}  // namespace kurabe::server
