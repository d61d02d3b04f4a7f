// One fetch of one plugin line of one host: its requests one after another, and the report that
// comes of their answers. Belongs to the thread of its fetcher and waits for nothing.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "collectors/fetch/http_transfers.hpp"
#include "collectors/fetch/probe.hpp"
#include "collectors/fetch/recipe.hpp"
#include "collectors/fetch/resp_reader.hpp"
#include "collectors/fetch/tcp_exchange.hpp"
#include "collectors/fetch/worker_pool.hpp"
#include "collectors/name_resolver.hpp"
#include "collectors/prometheus/scrape_report.hpp"

namespace kurabe::collectors::fetch {

inline constexpr std::chrono::seconds kFetchDeadline{10};

// What is fetched, of whom.
struct Target {
    std::string host;                       // identity, of reports
    std::string address;                    // where it is reached
    std::string plugin;                     // identifier: the plugin line
    std::shared_ptr<const Recipe> recipe;   // never null
    Result<std::vector<Request>> requests;  // filled, or why not
    prometheus::Selection selection = {};   // of exporters' metrics
    // When pages were told last, of exporters: not at every fetch, they are long.
    std::shared_ptr<store::Time> told_pages_at = {};

    // `line`: the plugin's name and its arguments as `plugin` joins them. Without an address the
    // host is one.
    [[nodiscard]] static Target of(std::string host, std::string plugin,
                                   std::shared_ptr<const Recipe> recipe,
                                   std::span<const std::string> arguments,
                                   const MetricsConfig& config, std::string address = {});
    // Whether it takes a thread of the pool.
    [[nodiscard]] bool blocks() const;
    // Whether it times something.
    [[nodiscard]] bool probes() const;
};

// What it came to. `answers` and `fields` are for people who want to see how.
struct Outcome {
    struct Asked {
        std::string what;
        Result<Answer> answer;
    };
    Result<Report> report;  // the error's message is one line that does not name the host
    std::vector<Asked> answers;
    Fields fields;
};

// What all fetches of a fetcher share. The references outlive them.
struct Surroundings {
    NameResolver& names;
    HttpTransfers& http;
    WorkerPool& workers;
    const std::function<store::Time()>& now;  // of samples
};

class Fetch {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // `target` outlives it. The first try of a probe begins so much later.
    Fetch(const Target& target, const Surroundings& around, Time deadline,
          std::chrono::milliseconds probe_delay = {});
    ~Fetch();
    Fetch(const Fetch&) = delete;
    Fetch& operator=(const Fetch&) = delete;

    // Goes on as far as it can; what it came to, once, at the latest at the deadline. To be called
    // when the descriptor is ready, at wakes_at(), and when names, HTTP answers or jobs have ended.
    [[nodiscard]] std::optional<Outcome> advance(Time now);
    // An HTTP answer that has come; whether it was for this.
    [[nodiscard]] bool take(HttpTransfers::Finished& finished);

    // What to poll(2) for. Negative: nothing.
    [[nodiscard]] int descriptor() const noexcept;
    [[nodiscard]] short events() const noexcept;
    [[nodiscard]] Time wakes_at() const noexcept;
    // Whether it is a probe that waits for somebody who has been silent for a while.
    [[nodiscard]] bool is_stalled(Time now) const noexcept;

  private:
    using Answers = WorkerPool::Answers;

    struct Http {
        HttpTransfers::Id id = 0;
        std::optional<HttpTransfers::Finished> finished;
    };
    struct Tcp {
        std::unique_ptr<TcpExchange> exchange;
        std::shared_ptr<std::string> text;    // of lines
        std::shared_ptr<RespReader> replies;  // of Redis
    };
    using Job = std::shared_ptr<WorkerPool::Job>;
    using OwnedProbe = std::unique_ptr<Probe>;

    [[nodiscard]] Result<bool> look_up();
    void begin_batch(Time now);
    [[nodiscard]] Result<void> begin(const HttpRequest<std::string>& request, Time now);
    [[nodiscard]] Result<void> begin(const TcpRequest<std::string>& request, Time now);
    [[nodiscard]] Result<void> begin(const RedisRequest<std::string>& request, Time now);
    [[nodiscard]] Result<void> begin(const MysqlRequest<std::string>& request, Time now);
    [[nodiscard]] Result<void> begin(const ExecRequest<std::string>& request, Time now);
    [[nodiscard]] Result<void> begin(const ProbeRequest<std::string>& request, Time now);
    // The answers of the batch; none while they are not all there.
    [[nodiscard]] std::optional<Answers> batch_answers(Time now);
    [[nodiscard]] std::optional<Answers> http_answers(Http& http, Time now);
    [[nodiscard]] std::optional<Answers> tcp_answers(Tcp& tcp, Time now);
    [[nodiscard]] std::optional<Answers> probe_answers(Probe& probe, Time now) const;
    [[nodiscard]] Answers redis_answers(const RespReader& reader) const;
    void say_where_passwords_are(std::size_t step, Error& error) const;
    // An error ends the fetch.
    [[nodiscard]] Result<void> read(Answers answers);
    [[nodiscard]] Result<void> read(std::size_t step, Result<Answer> answer);
    // Of a step that asks an exporter.
    [[nodiscard]] Result<void> scrape(const Answer& answer);
    [[nodiscard]] Outcome ended(Result<void> so_far);
    [[nodiscard]] std::string lateness() const;

    const Target& target_;
    Surroundings around_;
    Time deadline_;
    std::chrono::milliseconds probe_delay_;
    std::shared_ptr<NameResolver::Lookup> lookup_;
    std::optional<Addresses> addresses_;
    std::size_t next_address_ = 0;  // of those that HTTP tries
    std::size_t target_at_ = 0;     // of those that an HTTP request tries
    // Requests first_ .. end_ - 1 are under way: those that one connection serves.
    std::size_t first_ = 0;
    std::size_t end_ = 0;
    std::variant<std::monostate, Http, Tcp, Job, OwnedProbe> under_way_;
    Result<void> begun_;
    std::vector<std::pair<std::string, std::string>> warnings_;  // of optional requests
    std::optional<Report> scraped_;
    Outcome outcome_;
};

}  // namespace kurabe::collectors::fetch
