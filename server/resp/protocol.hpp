// Redis' protocol, in which Kurado's agents push: commands out of bytes, and their answers.
#pragma once

#include <utility>

#include "server/line_intake.hpp"
#include "server/resp/reader.hpp"
#include "server/tcp/protocol.hpp"

namespace kurabe::server::resp {

inline constexpr std::string_view kPeers = "agents";  // as messages name them

class RespProtocol final : public tcp::Protocol {
  public:
    explicit RespProtocol(CurrentIntake intake) : intake_(std::move(intake)) {}

    [[nodiscard]] tcp::Outcome answer(std::string_view bytes, std::string_view sender,
                                      std::string& replies) override;
    void add_error(std::string& replies, std::string_view text) const override;
    [[nodiscard]] std::string_view name() const noexcept override { return "Redis' protocol"; }
    [[nodiscard]] std::string_view peers() const noexcept override { return kPeers; }

  private:
    CurrentIntake intake_;
    Reader reader_;
};

}  // namespace kurabe::server::resp
