// A poller in a test, what its polls came to, and the server that it watches.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "collectors/ssh/poller.hpp"
#include "tests/support/ssh_server.hpp"

namespace kurabe::collectors::ssh::test {

using Clock = std::chrono::steady_clock;

inline constexpr store::Time kNow{store::Seconds{1795344360}};
inline constexpr std::uint64_t kSeed = 7;
inline constexpr std::chrono::seconds kPatience{60};  // never waited for when all is well

// A poller and what its polls came to.
class Watch {
  public:
    explicit Watch(Settings settings) {
        auto created = Poller::create(
            std::move(settings), [] { return kNow; },
            [this](const Target& target, const Result<Report>& outcome) {
                outcomes_.insert_or_assign(target.text(),
                                           outcome ? std::string("good") : outcome.error().message);
                if (outcome) reports_.insert_or_assign(target.text(), *outcome);
                ++told_;
            },
            kSeed);
        if (!created) throw std::runtime_error(created.error().message);
        poller_ = *std::move(created);
    }

    void add(const std::string& target, std::optional<store::Seconds> interval = {}) {
        poller_->add(Target::parse(target).value(), interval);
    }

    // Polls every host once; what each came to, "good" or its error.
    std::map<std::string, std::string> round() {
        outcomes_.clear();
        poller_->begin();
        const auto deadline = Clock::now() + kPatience;
        while (poller_->busy() > 0 && Clock::now() < deadline) {
            poller_->work(std::chrono::milliseconds{1000});
        }
        EXPECT_EQ(poller_->busy(), 0u);
        return outcomes_;
    }
    std::string round_of_one() {
        const auto outcomes = round();
        return outcomes.size() == 1 ? outcomes.begin()->second : "not one outcome";
    }
    // Lets sessions be served for a while.
    void rest(std::chrono::milliseconds while_) {
        const auto end = Clock::now() + while_;
        for (auto now = Clock::now(); now < end; now = Clock::now()) {
            poller_->work(std::chrono::ceil<std::chrono::milliseconds>(end - now));
        }
    }
    [[nodiscard]] Poller& poller() { return *poller_; }
    [[nodiscard]] const Report& report(const std::string& target) const {
        return reports_.at(target);
    }
    [[nodiscard]] std::size_t told() const { return told_; }

  private:
    std::map<std::string, std::string> outcomes_;
    std::map<std::string, Report> reports_;
    std::size_t told_ = 0;
    std::unique_ptr<Poller> poller_;
};
inline Settings settings_for(const tests::SshServer& server) {
    return {.identity = server.identity(),
            .known_hosts = server.known_hosts_file(),
            .config = kNoConfig,
            .deadline = std::chrono::seconds{30}};
}

inline std::string target_of(const tests::SshServer& server,
                             const std::string& address = "127.0.0.1") {
    return address + ":" + std::to_string(server.port());
}

// Skips tests where there is no server to watch.
class WithServer : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!tests::SshServer::is_installed()) GTEST_SKIP() << "openssh-server is not installed";
    }
};

}  // namespace kurabe::collectors::ssh::test
