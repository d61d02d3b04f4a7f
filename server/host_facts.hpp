// What who takes lines has to know of hosts; what it knows of none, without a configuration, each
// member says.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::server {

struct Config;  // server/config.hpp

struct HostFacts {
    // As Config::address_of(). Every host is called by its address alone.
    std::function<Result<std::string>(std::string_view host)> address_of = {};
    // As Config::name_of(). No rule is about a host by its name.
    std::function<std::string_view(std::string_view address)> name_of = {};
    // How often a host's lines come: once a minute.
    std::function<store::Seconds(std::string_view address)> interval_of = {};
};

// Of a configuration, which must outlive them.
[[nodiscard]] HostFacts facts_of(const Config& config);

}  // namespace kurabe::server
