// What becomes of a server's polls of other machines: reports are kept, and a host that fails has
// the reason on its page.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "collectors/report.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// Belongs to one thread.
class HostOutcomes {
  public:
    // `way` names the warning: "ssh". The references must outlive it.
    HostOutcomes(std::string way, std::function<store::Time()> now, server::Ingest& ingest,
                 server::Log& log);

    // The log has when a host begins to fail and when it no longer does; its page has each reason,
    // at `plugin`.
    void take(const std::string& host, const Result<collectors::Report>& outcome,
              std::string_view plugin = "base");

  private:
    std::string way_;
    std::function<store::Time()> now_;
    server::Ingest& ingest_;
    server::Log& log_;
    std::set<std::string> failing_;  // hosts of which the log knows that they fail
};

}  // namespace kurabe::cli
