// Graphite's plaintext protocol as peers speak it: lines and no answers, so that all that a peer
// can be told is to wait.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/line_intake.hpp"
#include "server/tcp/protocol.hpp"
#include "store/types.hpp"

namespace kurabe::server::graphite {

// Asked anew for what comes, because a server's configuration may change. Thread-safe.
using CurrentPrefixes = std::function<std::vector<std::string>()>;

inline constexpr std::string_view kPeers = "Graphite's clients";  // as messages name them

class GraphiteProtocol final : public tcp::Protocol {
  public:
    // `prefixes` as for parse_line(); without it there are none.
    GraphiteProtocol(CurrentIntake intake, std::function<store::Time()> now,
                     CurrentPrefixes prefixes = {});

    // Waits when the store takes nothing of the lines and may take them later.
    [[nodiscard]] tcp::Outcome answer(std::string_view bytes, std::string_view sender,
                                      std::string& replies) override;
    void add_error(std::string&, std::string_view) const override {}
    [[nodiscard]] std::string_view name() const noexcept override {
        return "Graphite's plaintext protocol";
    }
    [[nodiscard]] std::string_view peers() const noexcept override { return kPeers; }

  private:
    CurrentIntake intake_;
    std::function<store::Time()> now_;
    CurrentPrefixes prefixes_;
};

}  // namespace kurabe::server::graphite
