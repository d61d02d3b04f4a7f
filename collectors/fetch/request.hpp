// What is asked of a service: plain data, with placeholders still unfilled or filled.
// Rule: docs/plugins.md, "How a plugin fetches". Placeholders are arguments of plugin lines, which
// are of a type (arguments.hpp), and what a filled text becomes is held to its type again: none can
// be another host, a second header or line, a command or an option.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "collectors/fetch/arguments.hpp"
#include "collectors/text_template.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::fetch {

inline constexpr std::size_t kRequestsMax = 20;  // of a plugin
inline constexpr std::size_t kTriesMax = 20;     // of a probe

// GET http://ADDRESS:PORT/PATH. `host` is the Host header, the address when empty. `targets`, when
// there are any, stand in the place of the path as they are ("cache_object://localhost/info"): the
// first that the server has.
template <typename Text>
struct HttpRequest {
    Text port;
    Text path;
    Text host;
    std::vector<std::string> targets;
};

// A line to a TCP port and the lines back, up to one of `until`, which ends the answer; without any
// up to the end of the connection.
template <typename Text>
struct TcpRequest {
    Text port;
    Text send;
    std::vector<std::string> until;
};

template <typename Text>
struct RedisRequest {
    Text port;
    std::string password;  // see Setting
    std::vector<Text> command;
};

// The first of `queries` that the server knows is asked.
template <typename Text>
struct MysqlRequest {
    Text port;
    std::string user;
    std::string password;
    std::vector<std::string> queries;
};

// A program by its absolute path and its arguments.
template <typename Text>
struct ExecRequest {
    std::vector<Text> command;
};

// Tries that are timed, of a kind of timed_try.hpp; of an empty port the kind's own, of an empty
// name the host's address, of an empty path "/".
template <typename Text>
struct ProbeRequest {
    Text kind;
    Text port;
    Text name;
    Text path;
    Text tries;
};

template <typename Text>
using RequestOf = std::variant<HttpRequest<Text>, TcpRequest<Text>, RedisRequest<Text>,
                               MysqlRequest<Text>, ExecRequest<Text>, ProbeRequest<Text>>;

using RequestRule = RequestOf<TextTemplate>;
using Request = RequestOf<std::string>;

// A user or a password that only the configuration knows: path in the MetricsConfig and what stands
// for it otherwise.
struct Setting {
    std::string path;  // empty: the fallback
    std::string fallback;
};

struct Credentials {
    Setting user;
    Setting password;
};

// 1 to kTriesMax; else 0.
[[nodiscard]] std::size_t tries_of(std::string_view digits) noexcept;

// A probe without its tries, for people: "tls 443 www.example.org".
[[nodiscard]] std::string describe_try(const ProbeRequest<std::string>& request);

// Fills placeholders with checked values and credentials with their settings. kInvalid when a
// filled text is not what its place wants; never with a password in it.
[[nodiscard]] Result<Request> fill_request(const RequestRule& rule, const Credentials& credentials,
                                           const ArgumentValues& values,
                                           const MetricsConfig& config);

// "http", "tcp", "redis", "mysql", "exec" or "probe", with what is asked: for people, without
// passwords.
[[nodiscard]] std::string describe(const Request& request);

}  // namespace kurabe::collectors::fetch
