// By which address this machine is known to another one.
#pragma once

#include <string>

#include "store/result.hpp"

namespace kurabe::cli {

// The numeric address that a connection to `host` has at this end; nothing is sent. May wait for
// the resolver. kSystem with the reason.
[[nodiscard]] Result<std::string> own_address_toward(const std::string& host);

// The name that the system has for itself.
[[nodiscard]] std::string own_name();

}  // namespace kurabe::cli
