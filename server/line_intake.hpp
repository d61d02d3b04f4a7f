// Lines that somebody sent, into the store: where every way of pushing comes together.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/line_reader.hpp"
#include "server/access/host_scope.hpp"
#include "server/host_facts.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "server/now_and_then.hpp"
#include "server/pushed_series.hpp"
#include "server/sender_rules.hpp"
#include "server/unlisted_hosts.hpp"
#include "store/types.hpp"

namespace kurabe::server {

struct RefusedLine {
    std::optional<std::size_t> line;  // none when the store refused: the reason names the series
    std::string reason;               // fit for clients
    std::string subject = {};         // "HOST NAME" of the line, for the log
};

// What became of lines. All that is not accepted is counted as refused.
struct TakenLines {
    std::size_t accepted = 0;
    std::size_t refused = 0;
    std::size_t forbidden = 0;        // of the refused, those of hosts that may not be sent
    std::size_t outdated = 0;         // of the refused, those that the store has; 100 at most
    std::vector<RefusedLine> errors;  // at most collectors::kLineErrorsMax
    // Why the store could not take them: they are worth sending again, all of them, because what
    // the store has it does not take twice. Fit for clients.
    std::optional<Error> failure;
};

// Whether trying again may help: damage stays until somebody repairs it.
[[nodiscard]] bool may_pass(const Error& error) noexcept;

// Who sends lines. Views of the caller's, as long as a call.
struct Sender {
    // A peer by its numeric address alone may send what the rules let it.
    template <std::convertible_to<std::string_view> Text>
    Sender(const Text& peer, std::string_view spoken = "http") : address(peer), protocol(spoken) {}
    Sender(std::string_view peer, const HostScope* scope, std::string_view name)
        : address(peer), hosts(scope), token(name) {}

    std::string_view address;
    const HostScope* hosts = nullptr;  // of the token that came with them; null: all
    std::string_view token = {};       // its name
    std::string_view protocol = "http";
};

// Thread-safe. References must outlive it.
class LineIntake {
  public:
    // Without `unlisted` any host is taken, without `series` any number of series.
    LineIntake(Ingest& ingest, const SenderRules& rules, Log& log, std::function<store::Time()> now,
               UnlistedHosts* unlisted = nullptr, PushedSeries* series = nullptr,
               HostFacts facts = {});

    // Whether the sender may send lines of the host of that address. Errors as of host_of().
    [[nodiscard]] Result<void> check(std::string_view address, const Sender& sender) const;
    // The address of a host whose lines the sender may send. kForbidden names both, in the words of
    // the sender: whose name it is, is not told. kInvalid for the name of several hosts; kLimit for
    // one more that no service has.
    [[nodiscard]] Result<std::string> host_of(std::string_view written, const Sender& sender) const;

    // `sender` is for the rules and for the log: one line now and then for each that sends
    // something wrong. What is accepted survives a crash of the program.
    [[nodiscard]] TakenLines take(std::string_view text, const Sender& sender);
    // The same of what came in another form, which `read` reads. It is called once, and asks for
    // each host what its address is, if the sender may send it.
    using Read = std::function<collectors::ReadLines(const collectors::HostLookup& host_of)>;
    [[nodiscard]] TakenLines take(const Read& read, const Sender& sender);

  private:
    [[nodiscard]] Result<void> check(std::string_view address, std::string_view written,
                                     const Sender& sender) const;
    void keep(collectors::Report& report, TakenLines& taken);
    // Whether something of it is stored.
    [[nodiscard]] bool store(collectors::Report& report, TakenLines& taken);
    // So many lines of the report are not stored.
    void fail(const collectors::Report& report, const Error& error, std::size_t lines,
              TakenLines& taken);
    void tell(const TakenLines& taken, const Sender& sender);

    Ingest& ingest_;
    const SenderRules& rules_;
    Log& log_;
    std::function<store::Time()> now_;
    UnlistedHosts* unlisted_;
    PushedSeries* series_;
    HostFacts facts_;
    NowAndThen senders_told_;
    NowAndThen hosts_told_;
};

// The one that follows the configuration that is in use, never null: for listeners, which outlive
// configurations. Thread-safe.
using CurrentIntake = std::function<std::shared_ptr<LineIntake>()>;

}  // namespace kurabe::server
