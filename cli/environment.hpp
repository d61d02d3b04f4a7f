// What commands take from outside besides their arguments: the clock, the time zone, and where
// secrets are.
// Read once by main and passed down, so that nothing below asks the system.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::cli {

struct Environment {
    std::function<store::Time()> now;
    store::TimeZone zone;
    // Where a service manager has put secrets (CREDENTIALS_DIRECTORY); see open_secret_file().
    std::optional<std::filesystem::path> credentials = {};
};

}  // namespace kurabe::cli
