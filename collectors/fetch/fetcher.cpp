// Starts fetches as there is room for them and waits for all that run.
#include "collectors/fetch/fetcher.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "store/utf8.hpp"

namespace kurabe::collectors::fetch {

Fetcher::Fetcher(std::function<store::Time()> now, OnOutcome on_outcome, std::uint64_t seed,
                 std::chrono::milliseconds deadline)
    : now_(std::move(now)),
      on_outcome_(std::move(on_outcome)),
      random_(seed),
      deadline_(deadline) {}

Fetcher::~Fetcher() = default;

Result<std::unique_ptr<Fetcher>> Fetcher::create(std::function<store::Time()> now,
                                                 OnOutcome on_outcome, std::uint64_t seed,
                                                 std::chrono::milliseconds deadline) {
    std::unique_ptr<Fetcher> fetcher(
        new Fetcher(std::move(now), std::move(on_outcome), seed, deadline));
    auto http = HttpTransfers::create();
    if (!http) return std::unexpected(http.error());
    fetcher->http_ = *std::move(http);
    return fetcher;
}

void Fetcher::add(Target target) {
    watched_.push_back(std::make_unique<Watched>(Watched{std::move(target), BackOff(random_())}));
}

std::size_t Fetcher::begin(std::size_t first, std::size_t end) {
    const Clock::time_point now = Clock::now();
    std::size_t begun = 0;
    for (std::size_t i = first; i < end; ++i) {
        Watched& watched = *watched_[i];
        if (std::exchange(watched.is_busy, true)) continue;
        watched.begun = now;
        waiting_.push_back(&watched);
        ++begun;
    }
    return begun;
}

void Fetcher::work(std::chrono::milliseconds longest) {
    const std::size_t told = told_;
    start_due();
    advance_running();  // so that what has begun is what is waited for
    wait(told == told_ ? longest : std::chrono::milliseconds{0});
    hand_out_http();
    advance_running();
}

void Fetcher::start_due() {
    if (waiting_.empty()) return;
    const Clock::time_point now = Clock::now();
    probing_ = static_cast<std::size_t>(std::ranges::count_if(running_, [now](const auto& running) {
        return running.watched->target.probes() && !running.fetch->is_stalled(now);
    }));
    std::erase_if(waiting_, [&](Watched* watched) { return start(*watched, now); });
}

// False when there is no room for it yet.
bool Fetcher::start(Watched& watched, Clock::time_point now) {
    const bool blocks = watched.target.blocks();
    if (running_.size() - blocking_ >= kFetchesMax && !blocks) return false;
    if (blocking_ >= kWorkersMax && blocks) return false;
    const bool probes = watched.target.probes();
    if (probing_ >= kProbesMax && probes) return false;
    if (watched.back_off.holds(now)) {
        const auto left = std::chrono::ceil<std::chrono::seconds>(watched.back_off.until() - now);
        ended(watched,
              {fail(ErrorCode::kSystem,
                    fmt::format("{}; left alone for {} s after {} failures", watched.last_error,
                                left.count(), watched.back_off.failures())),
               {},
               {}});
        return true;
    }
    const Surroundings around{.names = names_, .http = *http_, .workers = workers_, .now = now_};
    const auto delay = probes ? probe_delay() : std::chrono::milliseconds{0};
    running_.push_back(
        {&watched, std::make_unique<Fetch>(watched.target, around, now + deadline_, delay)});
    blocking_ += blocks ? 1 : 0;
    probing_ += probes ? 1 : 0;
    return true;
}

// Probes that begin together would time each other; so they begin spread over a pause.
std::chrono::milliseconds Fetcher::probe_delay() {
    const auto place = static_cast<std::int64_t>(probes_++ % kProbesMax);
    return kTryPause * place / static_cast<std::int64_t>(kProbesMax);
}

void Fetcher::wait(std::chrono::milliseconds longest) {
    const Clock::time_point now = Clock::now();
    Clock::time_point until = now + longest;
    descriptors_.assign({{.fd = names_.descriptor(), .events = POLLIN, .revents = 0},
                         {.fd = workers_.descriptor(), .events = POLLIN, .revents = 0}});
    for (const Running& running : running_) {
        until = std::min(until, running.fetch->wakes_at());
        if (running.fetch->descriptor() < 0) continue;
        descriptors_.push_back(
            {.fd = running.fetch->descriptor(), .events = running.fetch->events(), .revents = 0});
    }
    http_->wait(descriptors_, std::chrono::ceil<std::chrono::milliseconds>(until - now));
    if (descriptors_[0].revents != 0) names_.drain();
    if (descriptors_[1].revents != 0) workers_.drain();
}

void Fetcher::hand_out_http() {
    for (HttpTransfers::Finished& finished : http_->advance()) {
        (void)std::ranges::any_of(
            running_, [&](const Running& running) { return running.fetch->take(finished); });
    }
}

// All of them: there are few, and what there is to do is found at once.
void Fetcher::advance_running() {
    std::vector<std::pair<Watched*, Outcome>> outcomes;
    const Clock::time_point now = Clock::now();
    std::erase_if(running_, [&](const Running& running) {
        auto outcome = running.fetch->advance(now);
        if (!outcome) return false;
        outcomes.emplace_back(running.watched, *std::move(outcome));
        return true;
    });
    for (auto& [watched, outcome] : outcomes) {
        blocking_ -= watched->target.blocks() ? 1 : 0;
        if (outcome.report) {
            watched->back_off.succeeded();
        } else {
            watched->last_error = outcome.report.error().message;
            // What probes tell of is an outage, so they go on in one.
            if (!watched->target.probes()) watched->back_off.failed(now);
        }
        ended(*watched, std::move(outcome));
    }
}

// A reason becomes a warning on a page, however long it is.
void Fetcher::ended(Watched& watched, Outcome outcome) {
    watched.is_busy = false;
    if (!outcome.report) {
        std::string& reason = outcome.report.error().message;
        reason.resize(store::utf8_prefix(reason, kWarningBytesMax).size());
    }
    if (counts_ != nullptr) {
        const auto took = Clock::now() - watched.begun;
        counts_->ended(outcome.report.has_value(),
                       std::chrono::ceil<std::chrono::milliseconds>(took));
    }
    ++told_;
    on_outcome_(watched.target, outcome);
}

}  // namespace kurabe::collectors::fetch
