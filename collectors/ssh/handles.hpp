// libssh's handles with owners, for the sources that wrap it; no other file includes its header.
#pragma once

#include <memory>

#include <libssh/libssh.h>

namespace kurabe::collectors::ssh {

struct FreeSession {
    void operator()(ssh_session session) const noexcept { ::ssh_free(session); }
};
struct FreeChannel {
    void operator()(ssh_channel channel) const noexcept { ::ssh_channel_free(channel); }
};
struct FreeKey {
    void operator()(ssh_key key) const noexcept { ::ssh_key_free(key); }
};
struct FreeText {
    void operator()(char* text) const noexcept { ::ssh_string_free_char(text); }
};

using SessionHandle = std::unique_ptr<ssh_session_struct, FreeSession>;
using KeyHandle = std::unique_ptr<ssh_key_struct, FreeKey>;
using TextHandle = std::unique_ptr<char, FreeText>;

}  // namespace kurabe::collectors::ssh
