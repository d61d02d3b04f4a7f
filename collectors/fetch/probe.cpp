// Begins tries and counts what they come to.
#include "collectors/fetch/probe.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kurabe::collectors::fetch {
namespace {

constexpr std::chrono::milliseconds kLimitMin{1};

Result<TimedTry> lateness() {
    return fail(ErrorCode::kSystem, "no answer in time");
}

}  // namespace

std::optional<ProbeKind> probe_kind(std::string_view word) noexcept {
    using enum ProbeKind;
    constexpr std::array<std::pair<std::string_view, ProbeKind>, 5> kWords{
        {{"tcp", kTcp}, {"tls", kTls}, {"http", kHttp}, {"https", kHttps}, {"dns", kDns}}};
    const auto* const found =
        std::ranges::find(kWords, word, &std::pair<std::string_view, ProbeKind>::first);
    return found == kWords.end() ? std::nullopt : std::optional(found->second);
}

Probe::Probe(TimedRequest request, std::size_t tries, HttpTransfers& http, Time first,
             Time deadline)
    : request_(std::move(request)),
      tries_(tries),
      http_(http),
      deadline_(deadline),
      next_at_(first) {}

Probe::~Probe() {
    give_up();
}

bool Probe::advance(Time now) {
    if (is_trying()) {
        if (const auto made = try_outcome(now)) count(*made, now);
    }
    if (now >= deadline_) {
        while (tally_.tries() < tries_) count(lateness(), now);
    }
    if (tally_.tries() == tries_) return true;
    if (!is_trying() && now >= next_at_) begin_try(now);
    return tally_.tries() == tries_;
}

void Probe::begin_try(Time now) {
    const auto left = static_cast<std::int64_t>(tries_ - tally_.tries());
    const auto share =
        std::chrono::floor<std::chrono::milliseconds>(deadline_ - now - (left - 1) * kTryPause) /
        left;
    request_.limit = std::max(share, kLimitMin);
    begun_at_ = now;
    if (request_.kind == ProbeKind::kDns) {
        auto query = DnsQuery::send(request_);
        if (!query) return count(std::unexpected(query.error()), now);
        under_way_ = *std::move(query);
        return;
    }
    const auto id = http_.begin(request_);
    if (!id) return count(std::unexpected(id.error()), now);
    under_way_ = Transfer{*id, std::nullopt};
}

// libcurl watches the limit of its own.
std::optional<Result<TimedTry>> Probe::try_outcome(Time now) {
    if (auto* const transfer = std::get_if<Transfer>(&under_way_)) {
        if (!transfer->finished) return std::nullopt;
        const HttpTransfers::Finished& finished = *transfer->finished;
        if (!finished.answer) return Result<TimedTry>(std::unexpected(finished.answer.error()));
        return finished.timed;
    }
    auto made = std::get<std::unique_ptr<DnsQuery>>(under_way_)->advance();
    if (!made && now >= begun_at_ + request_.limit) return lateness();
    return made;
}

void Probe::count(const Result<TimedTry>& made, Time now) {
    give_up();
    tally_.add(made);
    next_at_ = now + kTryPause;
}

void Probe::give_up() {
    if (const auto* const transfer = std::get_if<Transfer>(&under_way_)) {
        http_.give_up(transfer->id);
    }
    under_way_ = std::monostate{};
}

bool Probe::take(HttpTransfers::Finished& finished) {
    auto* const transfer = std::get_if<Transfer>(&under_way_);
    if (transfer == nullptr || transfer->id != finished.id) return false;
    transfer->finished = std::move(finished);
    return true;
}

int Probe::descriptor() const noexcept {
    const auto* const query = std::get_if<std::unique_ptr<DnsQuery>>(&under_way_);
    return query == nullptr ? -1 : (*query)->descriptor();
}

Probe::Time Probe::wakes_at() const noexcept {
    if (!is_trying()) return std::min(next_at_, deadline_);
    const bool is_query = std::holds_alternative<std::unique_ptr<DnsQuery>>(under_way_);
    return is_query ? std::min(deadline_, begun_at_ + request_.limit) : deadline_;
}

bool Probe::is_stalled(Time now) const noexcept {
    return is_trying() && now - begun_at_ > kStalledAfter;
}

}  // namespace kurabe::collectors::fetch
