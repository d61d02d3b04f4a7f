// HTTPS: the certificate that the server shows, and connections over it. TLS 1.2 and 1.3.
// By OpenSSL, below the HTTP of server/http_server.cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include <sys/types.h>

#include "server/serving_config.hpp"
#include "store/result.hpp"

namespace Poco::Net {
class StreamSocket;
}

namespace kurabe::server {

// Immutable. Thread-safe.
class TlsIdentity {
  public:
    // `credentials` and `other_owner` as in collectors/secret_file.hpp, which says who may read the
    // key. kInvalid names the file and what is wrong with it.
    [[nodiscard]] static Result<std::shared_ptr<const TlsIdentity>> load(
        const TlsFiles& files, const std::optional<std::filesystem::path>& credentials,
        std::optional<uid_t> other_owner = {});
    ~TlsIdentity();
    TlsIdentity(const TlsIdentity&) = delete;
    TlsIdentity& operator=(const TlsIdentity&) = delete;

    // The accepted connection, encrypted. Does not wait: the handshake comes with the first bytes
    // that are read, so their deadline is its own, too.
    [[nodiscard]] Poco::Net::StreamSocket over(const Poco::Net::StreamSocket& accepted) const;

  private:
    struct Parts;
    explicit TlsIdentity(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace kurabe::server
