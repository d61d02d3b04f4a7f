// What becomes of a server's polls of other machines: reports are kept, and what fails has the
// reason on its host's page.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "collectors/report.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// How the log tells of them.
struct OutcomeTexts {
    std::string_view fails;     // "host does not answer"
    std::string_view recovers;  // "host answers again"
    bool names_plugin = false;  // beside the host
};
inline constexpr OutcomeTexts kHostTexts{"host does not answer", "host answers again"};

// What was polled: a plugin of a host.
struct PolledPlugin {
    std::string host;
    std::string plugin = "base";
    store::Seconds interval{60};  // between its polls
};

// Belongs to one thread, or is called by one at a time.
class PollOutcomes {
  public:
    // `way` names the warning: "ssh". The references must outlive it.
    PollOutcomes(std::string way, const OutcomeTexts& texts, std::function<store::Time()> now,
                 server::Ingest& ingest, server::Log& log);

    // The log has when something begins to fail and when it no longer does; the host's page has
    // each reason at the plugin, until a poll succeeds; the first one ends also what a process
    // before this one said.
    void take(const PolledPlugin& polled, const Result<collectors::Report>& outcome);

  private:
    void tell_failure(const PolledPlugin& polled, const std::string& reason);
    void tell_recovery(const PolledPlugin& polled);
    void end_failure(const PolledPlugin& polled);

    std::string way_;
    OutcomeTexts texts_;
    std::function<store::Time()> now_;
    server::Ingest& ingest_;
    server::Log& log_;
    // Whether the last poll of a host's plugin failed; none of what was not polled yet.
    std::map<std::pair<std::string, std::string>, bool> fails_;
};

}  // namespace kurabe::cli
