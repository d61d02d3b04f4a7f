// Reads what a plugin asks of a service: `http`, `tcp`, `redis`, `mysql`, `exec` or `probe`.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "collectors/fetch/timed_try.hpp"
#include "server/fetch_reader.hpp"

namespace kurabe::server {
namespace {

using collectors::TextTemplate;
using collectors::fetch::ArgumentRule;
using collectors::fetch::ArgumentType;
using collectors::fetch::Credentials;
using collectors::fetch::ExecRequest;
using collectors::fetch::HttpRequest;
using collectors::fetch::MysqlRequest;
using collectors::fetch::ProbeRequest;
using collectors::fetch::RedisRequest;
using collectors::fetch::RequestRule;
using collectors::fetch::Setting;
using collectors::fetch::Step;
using collectors::fetch::TcpRequest;

constexpr std::size_t kWordsMax = 100;
constexpr std::array<std::string_view, 6> kKinds{"http", "tcp", "redis", "mysql", "exec", "probe"};

// Reads the parts of one request; placeholders are arguments of the plugin and the host's address.
class RequestReader {
  public:
    RequestReader(YamlMapping& request, const std::vector<ArgumentRule>& arguments)
        : request_(request), arguments_(arguments) {}

    [[nodiscard]] Result<void> read(std::string_view kind, Step& step) {
        if (kind == "http") return read_http(step);
        if (kind == "tcp") return read_tcp(step);
        if (kind == "redis") return read_redis(step);
        if (kind == "mysql") return read_mysql(step);
        if (kind == "probe") return read_probe(step);
        return read_exec(step);
    }

  private:
    [[nodiscard]] Result<TextTemplate> parse(const YamlNode& node, std::string_view text) const {
        auto parsed = TextTemplate::parse(text);
        if (!parsed) return node.error(parsed.error().message);
        for (const std::string& name : parsed->names()) {
            if (name == "address") continue;
            if (std::ranges::find(arguments_, name, &ArgumentRule::name) != arguments_.end()) {
                continue;
            }
            return node.error(fmt::format(
                "unknown placeholder '{{{{{}}}}}'; it is 'address' or one of 'arguments'", name));
        }
        return parsed;
    }

    // What the placeholders may become, to see at once whether a text can be of a type.
    [[nodiscard]] collectors::fetch::ArgumentValues examples() const {
        collectors::fetch::ArgumentValues values{{"address", "host"}};
        for (const ArgumentRule& rule : arguments_) {
            switch (rule.type) {
                case ArgumentType::kPort:
                    values[rule.name] = "80";
                    break;
                case ArgumentType::kPath:
                    values[rule.name] = "/x";
                    break;
                case ArgumentType::kHost:
                case ArgumentType::kWord:
                    values[rule.name] = "x";
                    break;
            }
        }
        return values;
    }

    // Empty when absent, which is an error where it is required.
    [[nodiscard]] Result<TextTemplate> typed(std::string_view key, ArgumentType type,
                                             bool required) {
        const auto text = request_.text(key);
        if (!text) return std::unexpected(text.error());
        if (!text->has_value() && !required) return TextTemplate{};
        const YamlNode* const node = request_.find(key);
        if (node == nullptr) {
            return request_.node().error(fmt::format("missing '{}'", key));
        }
        auto parsed = parse(*node, **text);
        if (parsed && !collectors::fetch::fits(type, parsed->expand(examples()))) {
            return node->error(fmt::format("'{}: {}' cannot be right here", key, **text));
        }
        return parsed;
    }

    [[nodiscard]] Result<std::vector<TextTemplate>> words(std::string_view key) {
        const auto texts = read_texts(request_, key);
        if (!texts) return std::unexpected(texts.error());
        if (texts->empty() || texts->size() > kWordsMax) {
            return request_.node().error(
                fmt::format("'{}' must have 1 to {} words", key, kWordsMax));
        }
        std::vector<TextTemplate> words;
        for (const std::string& text : *texts) {
            auto word = parse(*request_.find(key), text);
            if (!word) return std::unexpected(word.error());
            words.push_back(*std::move(word));
        }
        return words;
    }

    // { config: MySQL.user, default: root }.
    [[nodiscard]] Result<Setting> setting(std::string_view key) {
        const auto node = request_.mapping(key);
        if (!node) return std::unexpected(node.error());
        if (*node == nullptr) return Setting{};
        auto mapping = YamlMapping::of(**node, fmt::format("'{}'", key));
        auto path = mapping->required_text("config", "name a setting, as 'MySQL.user'");
        if (!path) return std::unexpected(path.error());
        auto fallback = mapping->text("default");
        if (!fallback) return std::unexpected(fallback.error());
        if (auto known = mapping->refuse_unknown_keys(); !known) {
            return std::unexpected(known.error());
        }
        return Setting{*std::move(path), fallback->value_or("")};
    }

    [[nodiscard]] Result<void> read_http(Step& step) {
        auto port = typed("port", ArgumentType::kPort, true);
        if (!port) return std::unexpected(port.error());
        auto targets = read_texts(request_, "target");
        if (!targets) return std::unexpected(targets.error());
        auto path = typed("path", ArgumentType::kPath, targets->empty());
        if (!path) return std::unexpected(path.error());
        auto host = typed("host", ArgumentType::kHost, false);
        if (!host) return std::unexpected(host.error());
        if (!targets->empty() && request_.find("path") != nullptr) {
            return request_.find("path")->error("give 'path' or 'target', not both");
        }
        // A target without blanks can end neither the request line nor the header.
        for (const std::string& target : *targets) {
            if (!target.empty() && collectors::fetch::fits(ArgumentType::kPath, "/" + target)) {
                continue;
            }
            return request_.find("target")->error("'target' must have no blanks and no '#'");
        }
        if (!targets->empty()) path = TextTemplate::parse("/");
        step.request = HttpRequest<TextTemplate>{*std::move(port), *std::move(path),
                                                 *std::move(host), *std::move(targets)};
        return {};
    }

    [[nodiscard]] Result<void> read_tcp(Step& step) {
        auto port = typed("port", ArgumentType::kPort, true);
        if (!port) return std::unexpected(port.error());
        const auto send = request_.required_text("send", "give the line that is sent");
        if (!send) return std::unexpected(send.error());
        const YamlNode& node = *request_.find("send");
        if (send->find_first_of("\n\t") != std::string::npos) {
            return node.error("'send' must be one line without tabs");
        }
        auto line = parse(node, *send);
        if (!line) return std::unexpected(line.error());
        auto until = read_texts(request_, "until");
        if (!until) return std::unexpected(until.error());
        step.request =
            TcpRequest<TextTemplate>{*std::move(port), *std::move(line), *std::move(until)};
        return {};
    }

    [[nodiscard]] Result<void> read_redis(Step& step) {
        auto port = typed("port", ArgumentType::kPort, true);
        if (!port) return std::unexpected(port.error());
        auto password = setting("password");
        if (!password) return std::unexpected(password.error());
        auto command = words("command");
        if (!command) return std::unexpected(command.error());
        step.credentials.password = *std::move(password);
        step.request = RedisRequest<TextTemplate>{*std::move(port), {}, *std::move(command)};
        return {};
    }

    [[nodiscard]] Result<void> read_mysql(Step& step) {
        auto port = typed("port", ArgumentType::kPort, true);
        if (!port) return std::unexpected(port.error());
        auto user = setting("user");
        if (!user) return std::unexpected(user.error());
        auto password = setting("password");
        if (!password) return std::unexpected(password.error());
        auto queries = read_texts(request_, "query");
        if (!queries) return std::unexpected(queries.error());
        if (queries->empty() || queries->size() > kWordsMax) {
            return request_.node().error("missing 'query'; give one, or several to be tried");
        }
        step.credentials = {*std::move(user), *std::move(password)};
        step.request = MysqlRequest<TextTemplate>{*std::move(port), {}, {}, *std::move(queries)};
        return {};
    }

    // The program is named by the file alone, so that no argument of a line chooses it.
    [[nodiscard]] Result<void> read_exec(Step& step) {
        auto command = words("command");
        if (!command) return std::unexpected(command.error());
        const TextTemplate& program = command->front();
        if (!program.is_literal() || !program.suffix().starts_with('/')) {
            return request_.find("command")->error(
                "the first word of 'command' must be the absolute path of a program, without "
                "placeholders");
        }
        step.request = ExecRequest<TextTemplate>{*std::move(command)};
        return {};
    }

    // What is empty has a default of its own kind, which arguments may choose.
    [[nodiscard]] Result<void> read_probe(Step& step) {
        auto kind = typed("kind", ArgumentType::kWord, true);
        if (!kind) return std::unexpected(kind.error());
        if (kind->is_literal() && !collectors::fetch::probe_kind(kind->suffix())) {
            return request_.find("kind")->error(fmt::format(
                "unknown 'kind: {}'; it is tcp, tls, http, https or dns", kind->suffix()));
        }
        auto port = typed("port", ArgumentType::kPort, false);
        if (!port) return std::unexpected(port.error());
        auto name = typed("name", ArgumentType::kHost, false);
        if (!name) return std::unexpected(name.error());
        auto path = typed("path", ArgumentType::kPath, false);
        if (!path) return std::unexpected(path.error());
        auto tries = typed("tries", ArgumentType::kWord, true);
        if (!tries) return std::unexpected(tries.error());
        if (tries->is_literal() && collectors::fetch::tries_of(tries->suffix()) == 0) {
            return request_.find("tries")->error(
                fmt::format("'tries' is a number from 1 to {}", collectors::fetch::kTriesMax));
        }
        step.request =
            ProbeRequest<TextTemplate>{*std::move(kind), *std::move(port), *std::move(name),
                                       *std::move(path), *std::move(tries)};
        return {};
    }

    YamlMapping& request_;
    const std::vector<ArgumentRule>& arguments_;
};

}  // namespace

Result<Step> read_step(const YamlNode& node, const std::vector<ArgumentRule>& arguments) {
    auto mapping = YamlMapping::of(node, "a request");
    if (!mapping) return std::unexpected(mapping.error());
    Step step;
    std::size_t kinds = 0;
    for (const std::string_view kind : kKinds) {
        const auto details = mapping->mapping(kind);
        if (!details) return std::unexpected(details.error());
        if (*details == nullptr) continue;
        if (++kinds > 1) return (*details)->error("a request is of one kind only");
        auto request = YamlMapping::of(**details, fmt::format("'{}'", kind));
        if (auto read = RequestReader(*request, arguments).read(kind, step); !read) {
            return std::unexpected(read.error());
        }
        if (auto known = request->refuse_unknown_keys(); !known) {
            return std::unexpected(known.error());
        }
    }
    if (kinds == 0)
        return node.error("a request needs 'http', 'tcp', 'redis', 'mysql', 'exec' or 'probe'");
    const YamlNode* const parse = mapping->find("parse");
    if (parse == nullptr) return node.error("missing 'parse' in a request; say how it is read");
    auto rule = read_parse(*parse);
    if (!rule) return std::unexpected(rule.error());
    step.parse = *std::move(rule);
    const auto optional = mapping->text("optional");
    if (!optional) return std::unexpected(optional.error());
    if (optional->has_value() && **optional != "true" && **optional != "false") {
        return mapping->find("optional")->error("'optional' must be true or false");
    }
    step.is_optional = optional->value_or("false") == "true";
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    return step;
}

}  // namespace kurabe::server
