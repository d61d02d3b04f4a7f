// Fills requests and describes them.
#include "collectors/fetch/request.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "collectors/fetch/timed_try.hpp"
#include "collectors/printable.hpp"
#include "store/ascii.hpp"

namespace kurabe::collectors::fetch {
namespace {

constexpr std::size_t kShownRequestBytesMax = 60;

bool is_one_line(std::string_view text) {
    return std::ranges::none_of(text, store::is_control);
}

std::string setting_text(const Setting& setting, const MetricsConfig& config) {
    const std::string* const found = find_setting(config, setting.path);
    return found == nullptr ? setting.fallback : *found;
}

// Empty where there is none.
std::string_view usual_port(ProbeKind kind) noexcept {
    switch (kind) {
        case ProbeKind::kTcp:
            return "";
        case ProbeKind::kTls:
        case ProbeKind::kHttps:
            return "443";
        case ProbeKind::kHttp:
            return "80";
        case ProbeKind::kDns:
            return "53";
    }
    return "";
}

class Filling {
  public:
    Filling(const Credentials& credentials, const ArgumentValues& values,
            const MetricsConfig& config)
        : credentials_(credentials), values_(values), config_(config) {}

    Result<Request> operator()(const HttpRequest<TextTemplate>& rule) const {
        HttpRequest<std::string> request{rule.port.expand(values_), rule.path.expand(values_),
                                         rule.host.expand(values_), rule.targets};
        if (auto checked = check("port", ArgumentType::kPort, request.port); !checked) {
            return std::unexpected(checked.error());
        }
        if (auto checked = check("path", ArgumentType::kPath, request.path); !checked) {
            return std::unexpected(checked.error());
        }
        if (request.host.empty()) return request;
        if (auto checked = check("host", ArgumentType::kHost, request.host); !checked) {
            return std::unexpected(checked.error());
        }
        return request;
    }

    Result<Request> operator()(const TcpRequest<TextTemplate>& rule) const {
        TcpRequest<std::string> request{rule.port.expand(values_), rule.send.expand(values_),
                                        rule.until};
        if (auto checked = check("port", ArgumentType::kPort, request.port); !checked) {
            return std::unexpected(checked.error());
        }
        if (!is_one_line(request.send)) return fail(ErrorCode::kInvalid, "'send' must be one line");
        return request;
    }

    Result<Request> operator()(const RedisRequest<TextTemplate>& rule) const {
        RedisRequest<std::string> request{
            rule.port.expand(values_), setting_text(credentials_.password, config_), {}};
        for (const TextTemplate& word : rule.command) {
            request.command.push_back(word.expand(values_));
        }
        if (auto checked = check("port", ArgumentType::kPort, request.port); !checked) {
            return std::unexpected(checked.error());
        }
        return request;
    }

    Result<Request> operator()(const MysqlRequest<TextTemplate>& rule) const {
        MysqlRequest<std::string> request{
            rule.port.expand(values_), setting_text(credentials_.user, config_),
            setting_text(credentials_.password, config_), rule.queries};
        if (auto checked = check("port", ArgumentType::kPort, request.port); !checked) {
            return std::unexpected(checked.error());
        }
        return request;
    }

    Result<Request> operator()(const ExecRequest<TextTemplate>& rule) const {
        ExecRequest<std::string> request;
        for (const TextTemplate& word : rule.command) {
            request.command.push_back(word.expand(values_));
            if (request.command.back().find('\0') != std::string::npos) {
                return fail(ErrorCode::kInvalid, "a word of the command holds a zero byte");
            }
        }
        return request;
    }

    Result<Request> operator()(const ProbeRequest<TextTemplate>& rule) const {
        ProbeRequest<std::string> request{rule.kind.expand(values_), rule.port.expand(values_),
                                          rule.name.expand(values_), rule.path.expand(values_),
                                          rule.tries.expand(values_)};
        const auto kind = probe_kind(request.kind);
        if (!kind) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("a probe is tcp, tls, http, https or dns, not '{}'",
                                    printable(request.kind, kShownRequestBytesMax)));
        }
        if (request.port.empty()) request.port = usual_port(*kind);
        if (request.port.empty()) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("a probe of the kind {} needs a port", request.kind));
        }
        if (request.path.empty()) request.path = "/";
        if (auto checked = check("port", ArgumentType::kPort, request.port); !checked) {
            return std::unexpected(checked.error());
        }
        if (auto checked = check("path", ArgumentType::kPath, request.path); !checked) {
            return std::unexpected(checked.error());
        }
        if (request.name.empty() && *kind == ProbeKind::kDns) {
            return fail(ErrorCode::kInvalid, "a probe of the kind dns needs a name to ask for");
        }
        if (!request.name.empty()) {
            if (auto checked = check("name", ArgumentType::kHost, request.name); !checked) {
                return std::unexpected(checked.error());
            }
        }
        if (tries_of(request.tries) != 0) return request;
        return fail(ErrorCode::kInvalid,
                    fmt::format("'tries' is a number from 1 to {}, not '{}'", kTriesMax,
                                printable(request.tries, kShownRequestBytesMax)));
    }

  private:
    static Result<void> check(std::string_view what, ArgumentType type, std::string_view text) {
        if (fits(type, text)) return {};
        return fail(ErrorCode::kInvalid, fmt::format("'{}' cannot be '{}'", what,
                                                     printable(text, kShownRequestBytesMax)));
    }

    const Credentials& credentials_;
    const ArgumentValues& values_;
    const MetricsConfig& config_;
};

struct Describing {
    std::string operator()(const HttpRequest<std::string>& request) const {
        const std::string targets = fmt::format("{}", fmt::join(request.targets, " or "));
        return fmt::format("http port {}, GET {}{}", request.port,
                           targets.empty() ? request.path : targets,
                           request.host.empty() ? "" : ", Host " + request.host);
    }
    std::string operator()(const TcpRequest<std::string>& request) const {
        return fmt::format("tcp port {}, '{}'", request.port, request.send);
    }
    std::string operator()(const RedisRequest<std::string>& request) const {
        return fmt::format("redis port {}, {}", request.port, fmt::join(request.command, " "));
    }
    std::string operator()(const MysqlRequest<std::string>& request) const {
        return fmt::format("mysql port {}, {}", request.port, fmt::join(request.queries, " or "));
    }
    std::string operator()(const ExecRequest<std::string>& request) const {
        return fmt::format("exec {}", fmt::join(request.command, " "));
    }
    std::string operator()(const ProbeRequest<std::string>& request) const {
        return "probe " + describe_try(request);
    }
};

}  // namespace

Result<Request> fill_request(const RequestRule& rule, const Credentials& credentials,
                             const ArgumentValues& values, const MetricsConfig& config) {
    return std::visit(Filling(credentials, values, config), rule);
}

std::size_t tries_of(std::string_view digits) noexcept {
    std::size_t tries = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), tries);
    const bool is_number = error == std::errc{} && end == digits.data() + digits.size();
    return is_number && tries <= kTriesMax ? tries : 0;
}

std::string describe_try(const ProbeRequest<std::string>& request) {
    const std::string name = request.name.empty() ? "" : " " + request.name;
    const bool has_path = request.kind == "http" || request.kind == "https";
    return fmt::format("{} {}{}{}", request.kind, request.port, name,
                       has_path ? " " + request.path : "");
}

std::string describe(const Request& request) {
    return std::visit(Describing{}, request);
}

}  // namespace kurabe::collectors::fetch
