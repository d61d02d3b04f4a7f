// Whether a file may be run: not when others than root and this process' user could have changed
// it.
#pragma once

#include <string>

#include "store/result.hpp"

namespace kurabe::collectors {

// A regular file by its whole path: it and the directories above it belong to root or to this
// process' user, and nobody else may write it, nor them (a directory whose files only their owners
// may replace, as /tmp, is all right). Links are followed, each of which and the directories above
// it are judged like that. So the path that was named may be run, and programs that go by their
// names, as Munin's "if_eth0", see it. kInvalid says what is wrong, kNotFound that there is none.
[[nodiscard]] Result<void> check_trusted_file(const std::string& path);
// The same of a directory.
[[nodiscard]] Result<void> check_trusted_directory(const std::string& path);

}  // namespace kurabe::collectors
