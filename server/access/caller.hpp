// Who sends a request, and what of the server's they may see and do.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "server/access/host_scope.hpp"
#include "store/result.hpp"

namespace kurabe::server {

struct Caller {
    enum class Kind : std::uint8_t {
        kAnybody,    // nobody asked
        kUser,       // with a password, or named by the proxy
        kToken,      // of a program
        kSignature,  // of the address
    };
    Kind kind = Kind::kAnybody;
    std::string name = {};  // of a user or token
    bool reads = false;
    bool writes = false;
    std::shared_ptr<const HostScope> hosts = nullptr;  // none: all

    [[nodiscard]] std::string shown() const;  // "token 'web'"
    [[nodiscard]] bool is_for(std::string_view host) const {
        return hosts == nullptr || hosts->includes(host);
    }
    // Of a request that is about this host, or with an empty one about all. kForbidden:
    // refusal_of().
    [[nodiscard]] Result<void> check_host(std::string_view host) const;
    [[nodiscard]] std::string refusal_of(std::string_view host) const;  // names both
    [[nodiscard]] bool is_limited() const { return hosts != nullptr && !hosts->is_all(); }
};

}  // namespace kurabe::server
