// Reads lines, hands each host's report in, and counts.
#include "server/line_intake.hpp"

#include <utility>

#include <fmt/format.h>

#include "server/http_error.hpp"
#include "server/interval.hpp"

namespace kurabe::server {
namespace {

constexpr store::Seconds kBetweenRefusals{300};

// What only ends warnings is one, too.
std::size_t lines_of(const collectors::Report& report) {
    const std::size_t lines =
        report.batch.samples.size() + report.meta.size() + report.warnings.size();
    return lines == 0 && report.ends_other_warnings ? 1 : lines;
}

std::unexpected<Error> not_of_token(std::string_view host, const Sender& sender) {
    return kurabe::fail(ErrorCode::kForbidden,
                        fmt::format("'{}' is no host of the token '{}'", host, sender.token));
}

void add_error(TakenLines& taken, RefusedLine refused) {
    if (taken.errors.size() < collectors::kLineErrorsMax) {
        taken.errors.push_back(std::move(refused));
    }
}

}  // namespace

// For a sender of many hosts damage is one host's matter.
bool may_pass(const Error& error) noexcept {
    return !is_lasting(error) && error.code != ErrorCode::kInvalid &&
           error.code != ErrorCode::kForbidden;
}

LineIntake::LineIntake(Ingest& ingest, const SenderRules& rules, Log& log,
                       std::function<store::Time()> now, UnlistedHosts* unlisted,
                       PushedSeries* series, HostFacts facts)
    : ingest_(ingest),
      rules_(rules),
      log_(log),
      now_(std::move(now)),
      unlisted_(unlisted),
      series_(series),
      facts_(std::move(facts)),
      senders_told_(kBetweenRefusals),
      hosts_told_(kBetweenRefusals) {}

Result<void> LineIntake::check(std::string_view address, const Sender& sender) const {
    return check(address, address, sender);
}

Result<void> LineIntake::check(std::string_view address, std::string_view written,
                               const Sender& sender) const {
    if (sender.hosts != nullptr && !sender.hosts->includes(address)) {
        return not_of_token(written, sender);
    }
    const std::string_view name = facts_.name_of ? facts_.name_of(address) : std::string_view();
    if (!rules_.check(address, sender.address, name)) {
        return kurabe::fail(ErrorCode::kForbidden,
                            fmt::format("'{}' may not be sent from {}", written, sender.address));
    }
    return unlisted_ == nullptr ? Result<void>() : unlisted_->check(address);
}

Result<std::string> LineIntake::host_of(std::string_view written, const Sender& sender) const {
    auto address = facts_.address_of ? facts_.address_of(written) : Result<std::string>(written);
    if (!address) {
        const bool is_limited = sender.hosts != nullptr && !sender.hosts->is_all();
        return is_limited ? not_of_token(written, sender) : std::unexpected(address.error());
    }
    if (auto may = check(*address, written, sender); !may) return std::unexpected(may.error());
    return address;
}

TakenLines LineIntake::take(std::string_view text, const Sender& sender) {
    const auto read = [text](const collectors::HostLookup& host_of) {
        return collectors::read_lines(text, host_of);
    };
    return take(Read(read), sender);
}

TakenLines LineIntake::take(const Read& how, const Sender& sender) {
    collectors::ReadLines read =
        how([this, &sender](std::string_view host) { return host_of(host, sender); });
    TakenLines taken;
    taken.refused = read.refused;
    taken.forbidden = read.forbidden;
    for (collectors::LineError& error : read.errors) {
        taken.errors.push_back({error.line, std::move(error.reason), std::move(error.subject)});
    }
    for (collectors::Report& report : read.reports) keep(report, taken);
    if (taken.failure && taken.accepted > 0 && !may_pass(*taken.failure)) taken.failure.reset();
    if (taken.refused > 0) tell(taken, sender);
    return taken;
}

// All hosts of the lines were asked about before any of them was stored.
void LineIntake::keep(collectors::Report& report, TakenLines& taken) {
    if (unlisted_ == nullptr) {
        static_cast<void>(store(report, taken));
        return;
    }
    auto place = unlisted_->take_place(report.batch.host);
    if (!place) {
        taken.refused += lines_of(report);
        taken.forbidden += lines_of(report);
        return add_error(taken, {std::nullopt, std::move(place).error().message});
    }
    if (store(report, taken)) place->keep();
}

bool LineIntake::store(collectors::Report& report, TakenLines& taken) {
    PushedSeries::Turn turn;
    if (series_ != nullptr) turn = series_->admit(report.batch);
    if (turn.refused > 0) {
        taken.refused += turn.refused;
        add_error(taken, {std::nullopt, turn.reason});
        if (lines_of(report) == 0) return false;
    }
    auto kept = ingest_.keep(
        report, facts_.interval_of ? facts_.interval_of(report.batch.host) : kUsualInterval);
    if (!kept) {
        fail(report, kept.error(), lines_of(report), taken);
        return false;
    }
    const store::AppendReport& samples = kept->samples;
    taken.accepted += lines_of(report) - samples.refused_count;
    taken.refused += samples.refused_count;
    for (const Error& error : samples.refused) {
        if (error.code == ErrorCode::kOutdated) ++taken.outdated;
        add_error(taken, {std::nullopt, client_text(error)});
    }
    const std::size_t texts = lines_of(report) - report.batch.samples.size();
    if (kept->texts_failure && texts > 0) {
        taken.accepted -= texts;
        fail(report, *kept->texts_failure, texts, taken);
        return samples.stored > 0;
    }
    const RefusedMeta& refused = kept->refused_meta;
    if (refused.count == 0) return samples.stored > 0 || texts > 0;
    taken.accepted -= refused.count;
    taken.refused += refused.count;
    add_error(taken,
              {std::nullopt, fmt::format("{} meta refused: {}", refused.count, refused.reason)});
    return samples.stored > 0 || texts > refused.count;
}

void LineIntake::fail(const collectors::Report& report, const Error& error, std::size_t lines,
                      TakenLines& taken) {
    const std::string& host = report.batch.host;
    if (hosts_told_.is_due(host, now_())) {
        log_.error("batch refused", {{"host", host}, {"reason", error.message}});
    }
    const Error shown{error.code, fmt::format("{}: {}", host, client_text(error))};
    taken.refused += lines;
    add_error(taken, {std::nullopt, shown.message});
    if (!taken.failure || may_pass(shown)) taken.failure = shown;
}

void LineIntake::tell(const TakenLines& taken, const Sender& sender) {
    if (taken.errors.empty()) return;
    // Some protocols have no answers: what another one was refused must not hide theirs.
    const std::string subject = fmt::format("{}\n{}", sender.protocol, sender.address);
    if (!senders_told_.is_due(subject, now_())) return;
    const RefusedLine& first = taken.errors.front();
    log_.warning("lines refused", {{"sender", std::string(sender.address)},
                                   {"protocol", std::string(sender.protocol)},
                                   {"accepted", std::to_string(taken.accepted)},
                                   {"refused", std::to_string(taken.refused)},
                                   {"line", first.line ? std::to_string(*first.line) : "-"},
                                   {"of", first.subject.empty() ? "-" : first.subject},
                                   {"first", first.reason}});
}

}  // namespace kurabe::server
