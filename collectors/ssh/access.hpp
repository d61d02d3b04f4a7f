// What it takes to get into hosts over SSH: the settings, whose files have been looked at, and
// their key, which is read once for all hosts. Immutable; sessions of several threads may use it.
#pragma once

#include <memory>

#include "collectors/ssh/identity.hpp"
#include "collectors/ssh/settings.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::ssh {

struct Access {
    Settings settings;
    std::unique_ptr<Identity> identity;  // null when the settings name none

    // kInvalid for a configuration that cannot be read, and as Identity::load().
    [[nodiscard]] static Result<Access> prepare(Settings settings);
};

}  // namespace kurabe::collectors::ssh
