// Greets, lists, and asks for one service after another.
#include "collectors/munin/node.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "collectors/munin/graphs.hpp"
#include "collectors/printable.hpp"

namespace kurabe::collectors::munin {
namespace {

constexpr std::size_t kShownAnswerBytes = 60;
constexpr std::size_t kListBytesMax = 64 << 10;
constexpr std::string_view kCapabilities = "cap multigraph dirtyconfig spool";
constexpr std::string_view kGreeting = "# munin";
constexpr std::string_view kAsyncRefusal = "# Unknown command.";  // others name what they know

std::vector<std::string> words_of_line(std::string_view line) {
    std::vector<std::string> words;
    while (true) {
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        if (line.empty()) return words;
        words.emplace_back(line.substr(0, line.find(' ')));
        line.remove_prefix(words.back().size());
    }
}

}  // namespace

Node::Node(NodeSettings settings, std::unique_ptr<Way> way, std::function<store::Time()> now,
           std::uint64_t seed)
    : settings_(std::move(settings)), way_(std::move(way)), now_(std::move(now)), back_off_(seed) {}

Result<Report> Node::poll(const std::stop_token& stop) {
    const auto begin = Clock::now();
    if (back_off_.holds(begin)) return back_off_.left_alone(begin, last_error_);
    auto report = ask(stop);
    if (!report || !is_in_step_) way_->forget();
    if (report) {
        back_off_.succeeded();
    } else if (!stop.stop_requested()) {
        last_error_ = report.error().message;
        back_off_.failed(Clock::now());
    }
    return report;
}

Result<Report> Node::ask(const std::stop_token& stop) {
    bytes_left_ = kPollBytesMax;
    is_in_step_ = true;
    const Patience patience(Clock::now() + settings_.deadline, stop);
    auto stream = way_->open(patience);
    if (!stream) return std::unexpected(stream.error());
    LineConnection node(*std::move(stream), patience);
    const auto capabilities = greet(node);
    if (!capabilities) return std::unexpected(capabilities.error());
    Gathering gathering(settings_.host, settings_.plugin, now_(), memory_);
    const bool has_spool = capabilities->contains("spool");
    const auto fetched =
        has_spool ? fetch_spool(node, gathering) : fetch_listed(node, gathering, stop);
    if (!fetched) return std::unexpected(fetched.error());
    if (is_in_step_) (void)node.send("quit");
    Report report = gathering.finish();
    report.is_history = has_spool;
    return report;
}

Result<void> Node::fetch_listed(LineConnection& node, Gathering& gathering,
                                const std::stop_token& stop) {
    auto services = list(node);
    if (!services) return std::unexpected(services.error());
    drop_others(*services, gathering);
    std::ranges::stable_partition(
        *services, [this](const std::string& service) { return !slow_.contains(service); });
    for (const std::string& service : *services) {
        const auto fetched = fetch(node, service, gathering);
        if (fetched) continue;
        slow_.insert(service);
        const bool is_lost = gathering.samples() == 0;
        if (is_lost || stop.stop_requested()) return fetched;
        gathering.warn(service, fetched.error().message);
        break;
    }
    return {};
}

// Over SSH a login shell's texts may stand before it, on its line even.
Result<void> Node::hear_greeting(LineConnection& node) const {
    const std::size_t others_max = way_->lines_before_greeting_max();
    std::string said;
    for (std::size_t others = 0; others <= others_max; ++others) {
        const auto line = node.line(kLineBytesMax);
        if (!line && said.empty()) return std::unexpected(line.error());
        if (!line) {
            return fail(line.error().code,
                        fmt::format("{}; what it said is '{}'", line.error().message, said));
        }
        if (others_max == 0 ? line->starts_with('#') : line->contains(kGreeting)) return {};
        if (!line->empty()) said = printable(*line, kShownAnswerBytes);
    }
    return fail(ErrorCode::kInvalid, fmt::format("this is no munin-node: it says '{}'", said));
}

Result<std::set<std::string, std::less<>>> Node::greet(LineConnection& node) {
    if (auto heard = hear_greeting(node); !heard) return std::unexpected(heard.error());
    if (auto sent = node.send(std::string(kCapabilities)); !sent) {
        return std::unexpected(sent.error());
    }
    const auto line = node.line(kLineBytesMax);
    if (!line) return std::unexpected(line.error());
    if (*line == kAsyncRefusal) {
        return fail(ErrorCode::kUnsupported,
                    "this munin-async hands out nothing: it needs its option --spoolfetch");
    }
    const auto words = words_of_line(*line);
    if (words.empty() || words.front() != "cap") return std::set<std::string, std::less<>>{};
    return std::set<std::string, std::less<>>(words.begin() + 1, words.end());
}

Result<std::vector<std::string>> Node::list(LineConnection& node) {
    if (!settings_.service.empty()) return std::vector{settings_.service};
    if (auto sent = node.send("list"); !sent) return std::unexpected(sent.error());
    const auto line = node.line(kListBytesMax);
    if (!line) return std::unexpected(line.error());
    auto services = words_of_line(*line);
    std::erase_if(services, [](const std::string& name) { return !is_service_name(name); });
    std::ranges::sort(services);
    services.erase(std::ranges::unique(services).begin(), services.end());
    if (services.size() > kListedMax) services.resize(kListedMax);
    return services;
}

void Node::drop_others(const std::vector<std::string>& services, Gathering& gathering) {
    const auto is_gone = [&services](const std::string& name) {
        return !std::ranges::binary_search(services, name);
    };
    std::set<std::string> roots;
    for (const auto& [name, known] : known_) {
        if (!is_gone(name)) continue;
        for (const Service& service : known.services) roots.emplace(root_of(service.name));
    }
    std::erase_if(known_, [&](const auto& known) { return is_gone(known.first); });
    std::erase_if(slow_, is_gone);
    for (const auto& [name, known] : known_) {
        for (const Service& service : known.services) {
            roots.erase(std::string(root_of(service.name)));
        }
    }
    gathering.undefine(roots);
}

bool Node::is_due(const Known& known, store::Time now) const {
    constexpr store::Seconds kEarly{30};  // polls are not to the second
    store::Seconds rate{0};
    for (const Service& service : known.services) {
        rate = std::max(rate, service.update_rate.value_or(store::Seconds{0}));
    }
    return now - known.fetched + kEarly >= rate || now < known.fetched;
}

Result<Answer> Node::read(LineConnection& node, const std::string& command,
                          const std::string& service, std::size_t bytes_max) {
    if (auto sent = node.send(command); !sent) return std::unexpected(sent.error());
    const auto text = node.lines(std::min(bytes_max, bytes_left_));
    is_in_step_ = text.has_value();
    if (!text) return std::unexpected(text.error());
    bytes_left_ -= std::min(text->size(), bytes_left_);
    return read_answer(*text, service);
}

// What a service says of itself; with dirtyconfig its values are there, too.
Result<void> Node::configure(LineConnection& node, const std::string& service, Known& known,
                             Gathering& gathering) {
    const store::Time now = now_();
    auto answer = read(node, "config " + service, service, kAnswerBytesMax);
    if (!answer) return std::unexpected(answer.error());
    gathering.take_complaints(*answer, service);
    if (!answer->failure.empty()) return {};
    gathering.take(*answer, now, {.stored = nullptr, .usual_rate = kFilledStep});
    known.has_values_in_config = !answer->values.empty();
    if (known.has_values_in_config) known.fetched = now;
    // Told again though nothing has changed: who listens may have begun to only now.
    if (now - known.configured >= kConfigInterval || now < known.configured) {
        gathering.define(answer->services);
        known.configured = now;
    }
    known.services = std::move(answer->services);
    return {};
}

Result<void> Node::fetch(LineConnection& node, const std::string& service, Gathering& gathering) {
    Known& known = known_[service];
    const store::Time now = now_();
    if (!is_due(known, now)) return {};
    const bool is_old = now - known.configured >= kConfigInterval || now < known.configured;
    if (is_old || known.has_values_in_config) {
        if (auto configured = configure(node, service, known, gathering); !configured) {
            return configured;
        }
    }
    if (known.has_values_in_config || known.services.empty()) {
        slow_.erase(service);
        return {};
    }
    const store::Time asked = now_();
    auto answer = read(node, "fetch " + service, service, kAnswerBytesMax);
    if (!answer) return std::unexpected(answer.error());
    slow_.erase(service);
    known.fetched = asked;
    gathering.take_complaints(*answer, service);
    const Answer whole = with_services(*std::move(answer), known.services);
    gathering.take(whole, asked, {.stored = nullptr, .usual_rate = kFilledStep});
    return {};
}

store::SampleTime Node::newest_known(store::Time now) const {
    store::SampleTime newest = newest_;
    for (const auto& [key, time] : stored_) {
        if (time <= now + kFurthestAhead) newest = std::max(newest, time);
    }
    return newest;
}

std::int64_t Node::spool_begin(store::Time now) const {
    const auto first = now - kSpoolFirst;
    const auto begin = std::max<store::SampleTime>(newest_known(now) - kSpoolOverlap, first);
    return std::chrono::floor<std::chrono::seconds>(begin).time_since_epoch().count();
}

// A spool tells one service after another, each with all its times, so that what is behind a limit
// is the history of whole services; what was read before it is kept all the same.
Result<Answer> Node::read_spool(LineConnection& node, std::int64_t begin, Gathering& gathering) {
    if (auto sent = node.send(fmt::format("spoolfetch {}", begin)); !sent) {
        return std::unexpected(sent.error());
    }
    AnswerReader reader("", kSpoolValuesMax);
    std::size_t bytes = 0;
    while (true) {
        auto lines = node.some_lines(kListBytesMax);
        if (lines && lines->empty()) return reader.finish();
        if (lines && (bytes += lines->size()) > kSpoolBytesMax) {
            lines = fail(ErrorCode::kLimit, fmt::format("it has over {} bytes", kSpoolBytesMax));
        }
        if (lines) {
            reader.read(*lines);
            continue;
        }
        is_in_step_ = false;
        if (lines.error().code != ErrorCode::kLimit || !reader.has_values()) {
            return std::unexpected(lines.error());
        }
        gathering.warn("spool", fmt::format("not all of it could be fetched: {}; what is behind "
                                            "may be lost",
                                            lines.error().message));
        return reader.finish();
    }
}

// From a while before what is known, because services are not spooled at one moment, and so that
// the first new value has one before it.
Result<void> Node::fetch_spool(LineConnection& node, Gathering& gathering) {
    if (settings_.stored) {
        stored_ = settings_.stored();
        newest_ = {};
        memory_.forget_what_is_not_in(stored_);
    }
    const store::SampleTime known = newest_known(now_());
    const std::int64_t begin = spool_begin(now_());
    auto answer = read_spool(node, begin, gathering);
    if (!answer) return std::unexpected(answer.error());
    gathering.take_complaints(*answer, "munin");
    Answer wanted = *std::move(answer);
    if (!settings_.service.empty()) {
        std::erase_if(wanted.values, [&](const FieldValue& value) {
            return wanted.services[value.service].name != settings_.service;
        });
    }
    std::ranges::stable_sort(wanted.values, {}, [](const FieldValue& value) {
        return value.time.value_or(store::SampleTime{});
    });
    std::erase_if(wanted.values, [&](const FieldValue& value) {
        return !value.time || *value.time < store::Time{store::Seconds{begin}};
    });
    gathering.take(
        wanted, now_(),
        {.stored = &stored_, .usual_rate = kUsualUpdateRate, .samples_max = kSpoolSamplesMax});
    if (wanted.has_more || gathering.is_full()) {
        leave_rest(gathering, known);
    } else {
        rest_after_.reset();
    }
    newest_ = std::max(newest_, gathering.newest_told().value_or(newest_));
    if (!settings_.service.empty()) {
        std::erase_if(wanted.services,
                      [&](const Service& service) { return service.name != settings_.service; });
    }
    gathering.define(wanted.services);
    if (gathering.samples() == 0) warn_of_silence(wanted.services, gathering);
    return {};
}

void Node::leave_rest(Gathering& gathering, store::SampleTime known) {
    if (!rest_after_ || known > *rest_after_) {
        gathering.leave_rest();
    } else {
        gathering.warn("spool",
                       "it has more than is kept at once; the newest wait for another poll");
    }
    rest_after_ = known;
}

// A spool that nobody fills any more is read as well as any. One service alone may be seldom.
void Node::warn_of_silence(const std::vector<Service>& services, Gathering& gathering) const {
    const store::Time now = now_();
    const store::SampleTime newest = newest_known(now);
    store::Seconds silence_max = kSpoolSilenceMax;
    if (!settings_.service.empty()) {
        for (const Service& service : services) {
            silence_max = std::max(silence_max, 2 * service.update_rate.value_or(kUsualUpdateRate));
        }
    }
    if (now - newest <= silence_max) return;
    const std::string what =
        settings_.service.empty() ? "" : fmt::format(" of '{}'", settings_.service);
    std::string text = fmt::format("it has nothing{}", what);
    if (newest != store::SampleTime{}) {
        text = fmt::format(
            "it has nothing new{} of the last {}", what,
            now - newest > kSpoolFirst
                ? "two days"
                : fmt::format("{} minutes",
                              std::chrono::floor<std::chrono::minutes>(now - newest).count()));
    } else if (what.empty()) {
        text = "it is empty";
    }
    gathering.warn("spool", text + "; does munin-asyncd run on the host?");
}

}  // namespace kurabe::collectors::munin
