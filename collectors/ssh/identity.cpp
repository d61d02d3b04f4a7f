// A private key from a file.
#include "collectors/ssh/identity.hpp"

#include <utility>

#include <fmt/format.h>

#include "collectors/secret_file.hpp"
#include "collectors/ssh/handles.hpp"

namespace kurabe::collectors::ssh {

void Identity::Free::operator()(ssh_key_struct* key) const noexcept {
    FreeKey()(key);
}

Identity::Identity(std::filesystem::path file, ssh_key_struct* key)
    : file_(std::move(file)), key_(key) {}

Result<std::unique_ptr<Identity>> Identity::load(
    const std::filesystem::path& file, const std::optional<std::filesystem::path>& credentials) {
    if (const auto opened = open_secret_file(file, credentials); !opened) {
        return std::unexpected(opened.error());
    }
    ssh_key key = nullptr;
    // An empty passphrase and not none, for which a library below would ask the terminal.
    const int done = ::ssh_pki_import_privkey_file(file.c_str(), "", nullptr, nullptr, &key);
    if (done != SSH_OK) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}: no private key, or one with a passphrase; add that to "
                                "ssh-agent and name no identity",
                                file.string()));
    }
    return std::unique_ptr<Identity>(new Identity(file, key));
}

}  // namespace kurabe::collectors::ssh
