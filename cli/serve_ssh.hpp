// The hosts of a server's configuration that are watched over SSH, on a thread of its own.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "cli/collection.hpp"
#include "cli/environment.hpp"
#include "cli/lasting_thread.hpp"
#include "cli/poll_outcomes.hpp"
#include "collectors/rounds.hpp"
#include "collectors/ssh/poller.hpp"
#include "server/config.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"

namespace kurabe::cli {

class SshCollection final : public Collection {
  public:
    // Null when the configuration has no such host. An error when its key cannot be used. The
    // references must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<SshCollection>> prepare(
        const server::Config& config, const Environment& environment, server::Ingest& ingest,
        server::Log& log);
    ~SshCollection() override;  // as stop()
    SshCollection(const SshCollection&) = delete;
    SshCollection& operator=(const SshCollection&) = delete;

    void start() override;
    // Within half a second; polls under way are given up.
    void stop() override;
    [[nodiscard]] Polls* polls() noexcept override { return &polls_; }

  private:
    SshCollection(const Environment& environment, server::Ingest& ingest, server::Log& log);

    Polls polls_{.kind = "ssh"};
    std::function<store::Time()> now_;
    server::Log& log_;
    PollOutcomes outcomes_;
    std::unique_ptr<collectors::ssh::Poller> poller_;
    std::vector<collectors::Pace> paces_;
    LastingThread thread_;
};

}  // namespace kurabe::cli
