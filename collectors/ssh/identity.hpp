// A private key from a file, read once for all hosts.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "store/result.hpp"

struct ssh_key_struct;

namespace kurabe::collectors::ssh {

class Identity {
  public:
    // kInvalid for a file that open_secret_file() refuses, or that holds no key without passphrase.
    [[nodiscard]] static Result<std::unique_ptr<Identity>> load(
        const std::filesystem::path& file, const std::optional<std::filesystem::path>& credentials);

    [[nodiscard]] ssh_key_struct* key() const noexcept { return key_.get(); }
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

  private:
    struct Free {
        void operator()(ssh_key_struct* key) const noexcept;
    };
    Identity(std::filesystem::path file, ssh_key_struct* key);

    std::filesystem::path file_;
    std::unique_ptr<ssh_key_struct, Free> key_;
};

}  // namespace kurabe::collectors::ssh
