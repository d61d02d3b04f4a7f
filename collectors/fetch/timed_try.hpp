// What a probe times at one try: what is asked for, and what came of it. Plain data.
// Rule: docs/plugins.md, "Probes".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kurabe::collectors::fetch {

enum class ProbeKind : std::uint8_t {
    kTcp,    // until the connection stands
    kTls,    // from there until the handshake is done
    kHttp,   // from the request until the first byte of the answer
    kHttps,  // the same over TLS
    kDns,    // from the question until its answer, over UDP
};

// "tcp", "tls", "http", "https" or "dns".
[[nodiscard]] std::optional<ProbeKind> probe_kind(std::string_view word) noexcept;

// `address` is numeric and nothing but it is connected to. `name` is what TLS and HTTP call the
// server, the address when empty; of DNS what is asked for. `path` is of HTTP.
struct TimedRequest {
    ProbeKind kind = ProbeKind::kTcp;
    std::string address = {};
    std::string port = {};
    std::string name = {};
    std::string path = {};
    std::chrono::milliseconds limit{0};
};

// A try that succeeded.
struct TimedTry {
    std::chrono::microseconds took{0};
    long status = 0;  // of HTTP; else 0
    // Of TLS: when the server's own certificate ends.
    std::optional<std::chrono::sys_seconds> certificate_end = {};
};

}  // namespace kurabe::collectors::fetch
