// The wrapper of OpenSSL's libssl, as a socket of Poco's. SIGPIPE must be ignored.
#include "server/tls.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include "collectors/secret_file.hpp"
#include "server/text_file.hpp"

namespace kurabe::server {
namespace {

namespace net = Poco::Net;

constexpr std::size_t kPemBytesMax = 1 << 20;
// Of TLS 1.2; those of 1.3 are all good. With forward secrecy, and authenticated as a whole.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

std::unexpected<Error> wrong(const std::filesystem::path& file, std::string_view what) {
    return fail(ErrorCode::kInvalid, fmt::format("{}: {}", file.native(), what));
}

Result<void> check_certificate(const std::filesystem::path& file) {
    const auto text = read_text_file(file, kPemBytesMax);
    if (!text) return std::unexpected(text.error());
    if (text->contains("-----BEGIN CERTIFICATE-----")) return {};
    return wrong(file, "has no certificate; one in PEM form begins '-----BEGIN CERTIFICATE-----'");
}

// A passphrase would be asked for at the terminal, by a server that may have none.
Result<void> check_key(const std::filesystem::path& file,
                       const std::optional<std::filesystem::path>& credentials,
                       std::optional<uid_t> other_owner) {
    const auto opened = collectors::open_secret_file(file, credentials, other_owner);
    if (!opened) return std::unexpected(opened.error());
    const auto text = read_text_file(file, kPemBytesMax);
    if (!text) return std::unexpected(text.error());
    if (text->contains("ENCRYPTED")) {
        return wrong(file, "the key has a passphrase; give one without: openssl pkey -in FILE");
    }
    if (text->contains("PRIVATE KEY-----")) return {};
    return wrong(file, "has no key; one in PEM form begins '-----BEGIN PRIVATE KEY-----'");
}

// Of the oldest of the errors that OpenSSL has noted.
std::string reason_of_openssl() {
    const char* const reason = ::ERR_reason_error_string(::ERR_get_error());
    ::ERR_clear_error();
    return reason == nullptr ? "OpenSSL does not say why" : reason;
}

struct ContextFree {
    void operator()(SSL_CTX* context) const noexcept { ::SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, ContextFree>;

struct SslFree {
    void operator()(SSL* ssl) const noexcept { ::SSL_free(ssl); }
};

// A connection of Poco's whose bytes are encrypted. Poco's own NetSSL is not used: with what it
// needs itself it made each start of the program a quarter longer.
class TlsSocket final : public net::StreamSocketImpl {
  public:
    TlsSocket(int accepted, SSL_CTX* context)
        : net::StreamSocketImpl(::fcntl(accepted, F_DUPFD_CLOEXEC, 0)), ssl_(::SSL_new(context)) {
        if (ssl_ == nullptr || ::SSL_set_fd(ssl_.get(), sockfd()) != 1) {
            throw net::NetException("no TLS connection: " + reason_of_openssl());
        }
        ::SSL_set_accept_state(ssl_.get());
    }

    int sendBytes(const void* buffer, int length, int) override {
        ::ERR_clear_error();
        const int sent = ::SSL_write(ssl_.get(), buffer, length);
        if (sent <= 0) fail();
        return sent;
    }
    // 0 also where the other end is gone without a word: requests say where they end.
    int receiveBytes(void* buffer, int length, int) override {
        ::ERR_clear_error();
        const int got = ::SSL_read(ssl_.get(), buffer, length);
        if (got > 0) return got;
        if (::SSL_get_error(ssl_.get(), got) != SSL_ERROR_ZERO_RETURN) is_broken_ = true;
        return 0;
    }
    int available() override { return ::SSL_pending(ssl_.get()); }
    void shutdownSend() override {
        say_farewell();
        net::StreamSocketImpl::shutdownSend();
    }
    [[nodiscard]] bool secure() const override { return true; }

  protected:
    ~TlsSocket() override {
        // Nobody watches any more how long this takes.
        ::fcntl(sockfd(), F_SETFL, ::fcntl(sockfd(), F_GETFL) | O_NONBLOCK);
        say_farewell();
    }

  private:
    [[noreturn]] void fail() {
        is_broken_ = true;
        throw net::ConnectionResetException("TLS");
    }
    // Once, and not behind a failure.
    void say_farewell() {
        if (is_broken_ || ::SSL_is_init_finished(ssl_.get()) == 0) return;
        is_broken_ = true;
        ::ERR_clear_error();
        (void)::SSL_shutdown(ssl_.get());
    }

    std::unique_ptr<SSL, SslFree> ssl_;
    bool is_broken_ = false;
};

int no_passphrase(char*, int, int, void*) {
    return 0;
}

// With its rules, and nothing to show yet.
Context make_context() {
    Context context(::SSL_CTX_new(::TLS_server_method()));
    if (context == nullptr) return context;
    ::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    ::SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                             SSL_OP_CIPHER_SERVER_PREFERENCE);
    ::SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
    if (::SSL_CTX_set_cipher_list(context.get(), kCiphers) != 1) context.reset();
    return context;
}

}  // namespace

struct TlsIdentity::Parts {
    Context context;
};

Result<std::shared_ptr<const TlsIdentity>> TlsIdentity::load(
    const TlsFiles& files, const std::optional<std::filesystem::path>& credentials,
    std::optional<uid_t> other_owner) {
    if (auto checked = check_certificate(files.certificate); !checked) {
        return std::unexpected(checked.error());
    }
    if (auto checked = check_key(files.key, credentials, other_owner); !checked) {
        return std::unexpected(checked.error());
    }
    ::ERR_clear_error();
    auto parts = std::make_unique<Parts>(Parts{.context = make_context()});
    SSL_CTX* const context = parts->context.get();
    if (context == nullptr) {
        return fail(ErrorCode::kSystem, "TLS cannot be used: " + reason_of_openssl());
    }
    if (::SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
        return wrong(files.certificate, "cannot be used: " + reason_of_openssl());
    }
    if (::SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        ::SSL_CTX_check_private_key(context) != 1) {
        return wrong(files.key, fmt::format("cannot be used as the key of {}: {}",
                                            files.certificate.native(), reason_of_openssl()));
    }
    return std::shared_ptr<const TlsIdentity>(new TlsIdentity(std::move(parts)));
}

TlsIdentity::TlsIdentity(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

TlsIdentity::~TlsIdentity() = default;

net::StreamSocket TlsIdentity::over(const net::StreamSocket& accepted) const {
    return net::StreamSocket(new TlsSocket(accepted.impl()->sockfd(), parts_->context.get()));
}

}  // namespace kurabe::server
