// All lines that are complete, at once.
#include "server/graphite/protocol.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "collectors/printable.hpp"
#include "server/graphite/line.hpp"

namespace kurabe::server::graphite {
namespace {

constexpr std::size_t kShownLineBytesMax = 100;  // of a wrong line, in the log

// What lines are read with.
struct Reading {
    store::SampleTime now;
    std::span<const std::string> prefixes;
};

Result<void> add(std::string_view line, const Reading& reading, collectors::SentReports& reports) {
    if (reports.is_full()) {
        return fail(ErrorCode::kInvalid, fmt::format("more than {} lines", collectors::kLinesMax));
    }
    if (line.size() > kLineBytesMax) {
        return fail(ErrorCode::kInvalid, fmt::format("the line is over {} bytes", kLineBytesMax));
    }
    const auto sample = parse_line(line, reading.now, reading.prefixes);
    if (!sample) return std::unexpected(sample.error());
    if (auto chosen = reports.choose_host(sample->host); !chosen) return chosen;
    return reports.add_sample(sample->plugin, sample->key, sample->value, sample->time);
}

// `lines` ends with a line's end.
collectors::ReadLines read(std::string_view lines, const Reading& reading,
                           const collectors::HostLookup& host_of) {
    collectors::SentReports reports(host_of);
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(line.size() + 1);
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        if (auto added = add(line, reading, reports); !added) {
            reports.refuse(std::nullopt,
                           fmt::format("'{}': {}", collectors::printable(line, kShownLineBytesMax),
                                       added.error().message));
        }
    }
    return reports.finish();
}

// The lines before the first that is HTTP, of lines that all have their ends. Each is looked at
// once, however often it says so.
std::string_view before_http(std::string_view lines) {
    std::size_t at = lines.find("HTTP/");
    while (at != std::string_view::npos) {
        const std::size_t begin = lines.rfind('\n', at) + 1;  // npos + 1 is 0
        const std::size_t end = lines.find('\n', at);
        if (is_http(lines.substr(begin, end - begin))) return lines.substr(0, begin);
        at = lines.find("HTTP/", end);
    }
    return lines;
}

bool takes_nothing(const TakenLines& taken) {
    return taken.failure && may_pass(*taken.failure) && taken.accepted + taken.outdated == 0;
}

}  // namespace

GraphiteProtocol::GraphiteProtocol(CurrentIntake intake, std::function<store::Time()> now,
                                   CurrentPrefixes prefixes)
    : intake_(std::move(intake)), now_(std::move(now)), prefixes_(std::move(prefixes)) {}

tcp::Outcome GraphiteProtocol::answer(std::string_view bytes, std::string_view sender,
                                      std::string&) {
    const std::size_t end = bytes.rfind('\n');
    if (end == std::string_view::npos) {
        const bool is_no_line = bytes.size() > kLineBytesMax;
        return {.ends = is_no_line, .is_foreign = is_no_line};
    }
    const std::string_view complete = bytes.substr(0, end + 1);
    const std::string_view lines = before_http(complete);
    if (!lines.empty()) {
        const auto prefixes = prefixes_ ? prefixes_() : std::vector<std::string>();
        const Reading reading{.now = now_(), .prefixes = prefixes};
        const auto how = [lines, &reading](const collectors::HostLookup& host_of) {
            return read(lines, reading, host_of);
        };
        const Sender client(sender, "graphite");
        if (takes_nothing(intake_()->take(LineIntake::Read(how), client))) return {.waits = true};
    }
    const bool is_foreign = lines.size() < complete.size();
    return {.used = complete.size(), .ends = is_foreign, .is_foreign = is_foreign};
}

}  // namespace kurabe::server::graphite
