// The configuration's own words.
#include "server/host_facts.hpp"

#include "server/config.hpp"

namespace kurabe::server {

HostFacts facts_of(const Config& config) {
    return {.address_of = [&config](std::string_view host) { return config.address_of(host); },
            .name_of = [&config](std::string_view address) { return config.name_of(address); },
            .interval_of = [&config](std::string_view host) { return config.interval_of(host); }};
}

}  // namespace kurabe::server
