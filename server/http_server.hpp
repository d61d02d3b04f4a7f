// HTTP/1.1 in front of a handler, also over TLS. The wrapper of Poco.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "server/access_log.hpp"
#include "server/body_pace.hpp"
#include "server/http_traffic.hpp"
#include "server/http_types.hpp"
#include "server/log.hpp"
#include "store/result.hpp"

namespace kurabe::server {

class TlsIdentity;  // server/tls.hpp

struct ListenAddress {
    std::string address;     // "127.0.0.1", "::1", "0.0.0.0"
    std::uint16_t port = 0;  // 0 = any free one
};

// "127.0.0.1:5434", "[::1]:5434", "localhost:5434". kInvalid says what would be right.
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);

// How long a connection may hold a thread in each of its phases.
struct HttpDeadlines {
    std::chrono::milliseconds idle{2000};  // between two requests
    std::chrono::milliseconds head{5000};  // request line and headers, from the first byte
    BodyLimits body = {};
    std::chrono::milliseconds answer{60000};  // computed and read by the client
};

struct HttpServerOptions {
    ListenAddress listen;
    int threads = 64;  // one per connection; three quarters of them may be kept alive
    HttpDeadlines deadlines = {};
    HttpTraffic* traffic = nullptr;   // counts what is answered; it must outlive the server
    AccessLog* access_log = nullptr;  // the same
    // Whom connections over TLS are with; null: they are not encrypted.
    std::shared_ptr<const TlsIdentity> identity = nullptr;
    BodyRule body_rule = {};  // none: every body has at most kRequestBodyBytesMax
};

class HttpServer {
  public:
    using Handler = std::function<Response(const Request&)>;

    // Listens and answers until stop(). kInUse when the port is taken.
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(const HttpServerOptions& options,
                                                                   Handler handler, Log& log);
    // Stops and joins, as stop().
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    // For connections that come from now on. Thread-safe.
    void show(std::shared_ptr<const TlsIdentity> identity);
    // Answers the requests under way, refuses new ones, joins all threads.
    void stop();

  private:
    struct Parts;
    explicit HttpServer(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace kurabe::server
