// A fetch step by step: look the host up, then batch after batch of requests.
#include "collectors/fetch/fetch.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <iterator>

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>

#include "collectors/fetch/mysql_client.hpp"
#include "collectors/fetch/program.hpp"
#include "collectors/printable.hpp"
#include "collectors/prometheus/exposition.hpp"
#include "collectors/prometheus/node_exporter.hpp"
#include "collectors/prometheus/pages.hpp"

namespace kurabe::collectors::fetch {
namespace {

constexpr std::size_t kShownAnswerBytesMax = 200;
constexpr store::Seconds kPagesInterval{3600};

std::uint16_t port_of(std::string_view digits) {
    std::uint16_t port = 0;
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return port;
}

Addresses with_port(Addresses addresses, std::string_view digits) {
    const std::uint16_t port = htons(port_of(digits));
    for (SocketAddress& address : addresses) {
        // Both have the port at the same place.
        static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
        std::memcpy(reinterpret_cast<char*>(&address.storage) + offsetof(sockaddr_in, sin_port),
                    &port, sizeof port);
    }
    return addresses;
}

std::string numeric(const SocketAddress& address) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(reinterpret_cast<const sockaddr*>(&address.storage), address.size,
                      text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) {
        return "";
    }
    return text.data();
}

// As a browser writes it: without the usual port, and addresses of version 6 in brackets.
std::string host_header(const HttpRequest<std::string>& request, const std::string& address) {
    if (!request.host.empty()) return request.host;
    const bool is_v6 = address.find(':') != std::string::npos;
    std::string host = is_v6 ? "[" + address.substr(0, address.find('%')) + "]" : address;
    return request.port == "80" ? host : host + ":" + request.port;
}

// A command as Redis takes it: an array of bulks, which may hold anything.
std::string resp(const std::vector<std::string>& words) {
    std::string text = fmt::format("*{}\r\n", words.size());
    for (const std::string& word : words) text += fmt::format("${}\r\n{}\r\n", word.size(), word);
    return text;
}

// Whether a text ends with one of the lines that end an answer, or all has come.
Result<bool> take_lines(std::string& text, const std::vector<std::string>& until,
                        std::string_view bytes, bool ended) {
    text += bytes;
    if (ended && (until.empty() && !text.empty())) return true;
    if (!text.ends_with('\n')) return false;
    std::string_view lines(text);
    lines.remove_suffix(lines.ends_with("\r\n") ? 2 : 1);
    const std::size_t before = lines.rfind('\n');
    const std::string_view last =
        before == std::string_view::npos ? lines : lines.substr(before + 1);
    return std::ranges::find(until, last) != until.end();
}

Result<Answer> answer_of(const Reply& reply) {
    if (reply.is_error) {
        return fail(ErrorCode::kInvalid, printable(reply.items.front(), kShownAnswerBytesMax));
    }
    Answer answer;
    for (const std::string& item : reply.items) answer.text += item + '\n';
    if (!reply.is_array) return answer;
    for (std::size_t i = 0; i + 1 < reply.items.size(); i += 2) {
        answer.rows.push_back({reply.items[i], reply.items[i + 1]});
    }
    return answer;
}

// Whether one connection serves both: Redis and MySQL take one request after another.
bool share_connection(const Request& left, const Request& right) {
    if (left.index() != right.index()) return false;
    if (const auto* const redis = std::get_if<RedisRequest<std::string>>(&left)) {
        const auto& other = std::get<RedisRequest<std::string>>(right);
        return redis->port == other.port && redis->password == other.password;
    }
    if (const auto* const mysql = std::get_if<MysqlRequest<std::string>>(&left)) {
        const auto& other = std::get<MysqlRequest<std::string>>(right);
        return mysql->port == other.port && mysql->user == other.user &&
               mysql->password == other.password;
    }
    return false;
}

bool is_exec(const Request& request) {
    return std::holds_alternative<ExecRequest<std::string>>(request);
}

}  // namespace

namespace {

// Separated by commas or blanks.
std::vector<std::string> patterns_of(const MetricsConfig& config, std::string_view path) {
    constexpr std::string_view kBetween = ", \t\n";
    std::vector<std::string> patterns;
    const std::string* const text = find_setting(config, path);
    if (text == nullptr) return patterns;
    std::string_view rest = *text;
    while (true) {
        rest.remove_prefix(std::min(rest.find_first_not_of(kBetween), rest.size()));
        if (rest.empty()) return patterns;
        const std::string_view pattern = rest.substr(0, rest.find_first_of(kBetween));
        patterns.emplace_back(pattern);
        rest.remove_prefix(pattern.size());
    }
}

}  // namespace

Target Target::of(std::string host, std::string plugin, std::shared_ptr<const Recipe> recipe,
                  std::span<const std::string> arguments, const MetricsConfig& config,
                  std::string address) {
    if (address.empty()) address = host;
    auto requests = fill_requests(*recipe, address, arguments, config);
    return {.host = std::move(host),
            .address = std::move(address),
            .plugin = std::move(plugin),
            .recipe = std::move(recipe),
            .requests = std::move(requests),
            .selection = {.include = patterns_of(config, "prometheus.include"),
                          .exclude = patterns_of(config, "prometheus.exclude")},
            .told_pages_at = std::make_shared<store::Time>()};
}

bool Target::blocks() const {
    return requests && std::ranges::any_of(*requests, [](const Request& request) {
               return is_exec(request) ||
                      std::holds_alternative<MysqlRequest<std::string>>(request);
           });
}

bool Target::probes() const {
    return requests && std::ranges::any_of(*requests, [](const Request& request) {
               return std::holds_alternative<ProbeRequest<std::string>>(request);
           });
}

Fetch::Fetch(const Target& target, const Surroundings& around, Time deadline,
             std::chrono::milliseconds probe_delay)
    : target_(target), around_(around), deadline_(deadline), probe_delay_(probe_delay) {
    outcome_.report = fail(ErrorCode::kSystem, "");
    if (!target_.requests || std::ranges::all_of(*target_.requests, is_exec)) {
        addresses_.emplace();  // nobody is connected to
    } else {
        lookup_ = around_.names.look_up(target_.address, 0);
    }
}

Fetch::~Fetch() {
    if (const auto* const http = std::get_if<Http>(&under_way_)) around_.http.give_up(http->id);
}

std::optional<Outcome> Fetch::advance(Time now) {
    if (!target_.requests) return ended(std::unexpected(target_.requests.error()));
    if (!addresses_) {
        const auto found = look_up();
        if (!found) return ended(std::unexpected(found.error()));
    }
    while (addresses_) {
        if (end_ == first_ && first_ == target_.requests->size()) return ended({});
        if (end_ == first_) begin_batch(now);
        auto answers = batch_answers(now);
        if (!answers) break;
        under_way_ = std::monostate{};
        if (auto done = read(*std::move(answers)); !done) return ended(std::move(done));
        first_ = end_;
    }
    if (now < deadline_) return std::nullopt;
    return ended(fail(ErrorCode::kSystem, lateness()));
}

Result<bool> Fetch::look_up() {
    auto answer = NameResolver::take(*lookup_);
    if (!answer) return false;
    if (!*answer) return std::unexpected(answer->error());
    addresses_ = **std::move(answer);
    lookup_.reset();
    return true;
}

std::string Fetch::lateness() const {
    if (!addresses_) return "the name was not looked up in time";
    return describe((*target_.requests)[first_]) + ": no answer in time";
}

void Fetch::begin_batch(Time now) {
    const std::vector<Request>& requests = *target_.requests;
    end_ = first_ + 1;
    while (end_ < requests.size() && share_connection(requests[first_], requests[end_])) ++end_;
    next_address_ = 0;
    target_at_ = 0;
    begun_ = std::visit([&](const auto& request) { return begin(request, now); }, requests[first_]);
}

Result<void> Fetch::begin(const HttpRequest<std::string>& request, Time now) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - now);
    const auto tries = static_cast<std::int64_t>(addresses_->size() - next_address_);
    auto id =
        around_.http.begin({.address = numeric((*addresses_)[next_address_]),
                            .port = request.port,
                            .path = request.path,
                            .target = request.targets.empty() ? "" : request.targets[target_at_],
                            .host = host_header(request, target_.address),
                            .connect_limit = left / tries,
                            .limit = left});
    if (!id) return std::unexpected(id.error());
    ++next_address_;
    under_way_ = Http{*id, std::nullopt};
    return {};
}

Result<void> Fetch::begin(const TcpRequest<std::string>& request, Time) {
    Tcp tcp;
    tcp.text = std::make_shared<std::string>();
    tcp.exchange = std::make_unique<TcpExchange>(
        with_port(*addresses_, request.port), request.send + "\r\n",
        [text = tcp.text, until = request.until](std::string_view bytes, bool ended) {
            return take_lines(*text, until, bytes, ended);
        },
        deadline_);
    under_way_ = std::move(tcp);
    return {};
}

// All commands of the batch are sent together, behind the password.
Result<void> Fetch::begin(const RedisRequest<std::string>& request, Time) {
    std::string commands = request.password.empty() ? "" : resp({"AUTH", request.password});
    std::size_t wanted = request.password.empty() ? 0 : 1;
    for (std::size_t i = first_; i < end_; ++i, ++wanted) {
        commands += resp(std::get<RedisRequest<std::string>>((*target_.requests)[i]).command);
    }
    Tcp tcp;
    tcp.replies = std::make_shared<RespReader>();
    tcp.exchange = std::make_unique<TcpExchange>(
        with_port(*addresses_, request.port), std::move(commands),
        [reader = tcp.replies, wanted, has_password = !request.password.empty()](
            std::string_view bytes, bool) -> Result<bool> {
            if (auto fed = reader->feed(bytes); !fed) return std::unexpected(fed.error());
            const std::vector<Reply>& replies = reader->replies();
            const bool is_refused = has_password && !replies.empty() && replies.front().is_error;
            return is_refused || replies.size() >= wanted;
        },
        deadline_);
    under_way_ = std::move(tcp);
    return {};
}

Result<void> Fetch::begin(const MysqlRequest<std::string>& request, Time) {
    std::vector<std::vector<std::string>> queries;
    for (std::size_t i = first_; i < end_; ++i) {
        queries.push_back(std::get<MysqlRequest<std::string>>((*target_.requests)[i]).queries);
    }
    // Of several addresses of a name the first, which is the resolver's choice.
    const MysqlLogin login{numeric(addresses_->front()), port_of(request.port), request.user,
                           request.password};
    under_way_ = around_.workers.begin(
        [login, queries = std::move(queries), deadline = deadline_](const std::stop_token& stop) {
            return query_mysql(login, queries, deadline, stop);
        });
    return {};
}

Result<void> Fetch::begin(const ExecRequest<std::string>& request, Time) {
    under_way_ = around_.workers.begin(
        [command = request.command, deadline = deadline_](const std::stop_token& stop) {
            return Answers{ask_program(command, deadline, stop)};
        });
    return {};
}

// Of several addresses of a name the first: latencies of different ones are different things.
Result<void> Fetch::begin(const ProbeRequest<std::string>& request, Time now) {
    TimedRequest timed{.kind = probe_kind(request.kind).value_or(ProbeKind::kTcp),
                       .address = numeric(addresses_->front()),
                       .port = request.port,
                       .name = request.name,
                       .path = request.path};
    under_way_ = std::make_unique<Probe>(std::move(timed), tries_of(request.tries), around_.http,
                                         now + probe_delay_, deadline_);
    return {};
}

std::optional<Fetch::Answers> Fetch::batch_answers(Time now) {
    if (!begun_) return Answers{std::unexpected(begun_.error())};
    if (auto* const http = std::get_if<Http>(&under_way_)) return http_answers(*http, now);
    if (auto* const tcp = std::get_if<Tcp>(&under_way_)) return tcp_answers(*tcp, now);
    if (const auto* const job = std::get_if<Job>(&under_way_)) return WorkerPool::take(**job);
    if (const auto* const probe = std::get_if<OwnedProbe>(&under_way_)) {
        return probe_answers(**probe, now);
    }
    return std::nullopt;
}

// Another address of the name is tried when there was no connection, another target at the same
// address when the server does not have the one.
std::optional<Fetch::Answers> Fetch::http_answers(Http& http, Time now) {
    if (!http.finished) return std::nullopt;
    const auto& request = std::get<HttpRequest<std::string>>((*target_.requests)[first_]);
    const Result<Answer>& answer = http.finished->answer;
    const bool is_elsewhere = !http.finished->reached && next_address_ < addresses_->size();
    const bool is_other = !answer && answer.error().code == ErrorCode::kInvalid &&
                          target_at_ + 1 < request.targets.size();
    if (now >= deadline_ || !(is_elsewhere || is_other)) {
        return Answers{std::move(http.finished->answer)};
    }
    if (is_other) {
        ++target_at_;
        --next_address_;
    }
    begun_ = begin(request, now);
    if (!begun_) return Answers{std::unexpected(begun_.error())};
    return std::nullopt;
}

std::optional<Fetch::Answers> Fetch::tcp_answers(Tcp& tcp, Time now) {
    const auto whole = tcp.exchange->advance(now);
    if (!whole) return Answers{std::unexpected(whole.error())};
    if (!*whole) return std::nullopt;
    if (tcp.replies) return redis_answers(*tcp.replies);
    return Answers{Answer{.text = std::move(*tcp.text)}};
}

std::optional<Fetch::Answers> Fetch::probe_answers(Probe& probe, Time now) const {
    if (!probe.advance(now)) return std::nullopt;
    Answer answer = probe.tally().answer(around_.now());
    answer.columns.emplace_back("asked");
    answer.rows.front().push_back(
        describe_try(std::get<ProbeRequest<std::string>>((*target_.requests)[first_])));
    return Answers{std::move(answer)};
}

Fetch::Answers Fetch::redis_answers(const RespReader& reader) const {
    const auto& request = std::get<RedisRequest<std::string>>((*target_.requests)[first_]);
    std::size_t at = 0;
    Answers answers;
    if (!request.password.empty()) {
        // Not in the server's words, which could hold it.
        if (reader.replies()[at++].is_error) {
            return {fail(ErrorCode::kInvalid, "the password is refused")};
        }
    }
    for (std::size_t i = first_; i < end_; ++i) {
        answers.push_back(answer_of(reader.replies()[at++]));
        if (!answers.back()) say_where_passwords_are(i, answers.back().error());
    }
    return answers;
}

// Of a server that wants one and was told none.
void Fetch::say_where_passwords_are(std::size_t step, Error& error) const {
    const std::string& path = target_.recipe->steps[step].credentials.password.path;
    if (path.empty() || !error.message.starts_with("NOAUTH")) return;
    error.message += fmt::format(" Give it as '{}' of 'metrics_config'", path);
}

// One answer may stand for all of a batch: no connection came about.
Result<void> Fetch::read(Answers answers) {
    for (std::size_t step = first_; step < end_; ++step) {
        const std::size_t at = step - first_;
        auto answer = at < answers.size() ? std::move(answers[at]) : answers.front();
        if (auto done = read(step, std::move(answer)); !done) return done;
    }
    return {};
}

Result<void> Fetch::read(std::size_t step, Result<Answer> answer) {
    const Step& rule = target_.recipe->steps[step];
    const std::string what = describe((*target_.requests)[step]);
    Result<void> parsed;
    if (!answer) {
        parsed = std::unexpected(answer.error());
    } else if (rule.parse.prometheus) {
        parsed = scrape(*answer);
    } else {
        parsed = parse_answer(*answer, rule.parse, outcome_.fields);
    }
    outcome_.answers.push_back({what, std::move(answer)});
    if (parsed) return {};
    if (!rule.is_optional) {
        return fail(parsed.error().code, fmt::format("{}: {}", what, parsed.error().message));
    }
    const std::string_view kind = std::string_view(what).substr(0, what.find(' '));
    warnings_.emplace_back(fmt::format("{}.{}", kind, step + 1),
                           fmt::format("{}: {}", what, parsed.error().message));
    return {};
}

// Of node_exporter's, base metrics come along.
Result<void> Fetch::scrape(const Answer& answer) {
    const auto exposition = prometheus::read_exposition(answer.text);
    if (!exposition) return std::unexpected(exposition.error());
    const store::Time now = around_.now();
    Report report = prometheus::scrape_report(*exposition, target_.selection, target_.host,
                                              target_.plugin, now);
    if (target_.told_pages_at && now - *target_.told_pages_at >= kPagesInterval) {
        *target_.told_pages_at = now;
        prometheus::tell_pages(report, target_.plugin);
    }
    if (auto base = prometheus::base_report(*exposition, target_.host, now)) {
        std::ranges::move(base->batch.samples, std::back_inserter(report.batch.samples));
        std::ranges::move(base->meta, std::back_inserter(report.meta));
    }
    scraped_ = std::move(report);
    return {};
}

Outcome Fetch::ended(Result<void> so_far) {
    if (!so_far) {
        outcome_.report = std::unexpected(so_far.error());
        return std::move(outcome_);
    }
    if (scraped_) {
        outcome_.report = *std::move(scraped_);
    } else {
        outcome_.report = read_fields(outcome_.fields, target_.recipe->reading, target_.host,
                                      target_.plugin, around_.now());
    }
    if (outcome_.report) {
        for (auto& [key, text] : warnings_) {
            outcome_.report->warnings.push_back({target_.plugin, key, std::move(text)});
        }
    }
    return std::move(outcome_);
}

bool Fetch::take(HttpTransfers::Finished& finished) {
    if (const auto* const probe = std::get_if<OwnedProbe>(&under_way_)) {
        return (*probe)->take(finished);
    }
    auto* const http = std::get_if<Http>(&under_way_);
    if (http == nullptr || http->id != finished.id) return false;
    http->finished = std::move(finished);
    return true;
}

int Fetch::descriptor() const noexcept {
    if (const auto* const probe = std::get_if<OwnedProbe>(&under_way_)) {
        return (*probe)->descriptor();
    }
    const auto* const tcp = std::get_if<Tcp>(&under_way_);
    return tcp == nullptr ? -1 : tcp->exchange->descriptor();
}

short Fetch::events() const noexcept {
    const auto* const tcp = std::get_if<Tcp>(&under_way_);
    return tcp == nullptr ? short{POLLIN} : tcp->exchange->events();
}

Fetch::Time Fetch::wakes_at() const noexcept {
    if (const auto* const probe = std::get_if<OwnedProbe>(&under_way_)) {
        return (*probe)->wakes_at();
    }
    const auto* const tcp = std::get_if<Tcp>(&under_way_);
    return tcp == nullptr ? deadline_ : std::min(deadline_, tcp->exchange->wakes_at());
}

bool Fetch::is_stalled(Time now) const noexcept {
    const auto* const probe = std::get_if<OwnedProbe>(&under_way_);
    return probe != nullptr && (*probe)->is_stalled(now);
}

}  // namespace kurabe::collectors::fetch
