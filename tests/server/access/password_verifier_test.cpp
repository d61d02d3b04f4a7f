// How often a hash is computed, for whom, and for whom not any more.
#include "server/access/password_verifier.hpp"

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/waiting.hpp"

namespace kurabe::server {
namespace {

using Verdict = PasswordVerifier::Verdict;

class PasswordVerifierTest : public testing::Test {
  protected:
    void SetUp() override {
        auto made =
            PasswordVerifier::make([this](const std::string& password, const std::string& hash) {
                ++computed_;
                if (gate_.valid()) gate_.wait();
                return hash == "hash of " + password;
            });
        ASSERT_TRUE(made);
        verifier_ = *std::move(made);
    }
    Verdict verify(std::string user, std::string password, std::string peer = "10.0.0.1") {
        return verifier_->verify({std::move(user), std::move(password)}, users_, peer, now_);
    }

    std::unique_ptr<PasswordVerifier> verifier_;
    std::atomic<int> computed_ = 0;
    std::shared_future<void> gate_;  // computing lasts until it is open
    Users users_{{"alice", "hash of a"}, {"bob", "hash of b"}};
    store::Time now_{store::Seconds{1'767'323'045}};
};

TEST_F(PasswordVerifierTest, ComputesOnceForAPageOfPictures) {
    for (int i = 0; i < 800; ++i) EXPECT_EQ(verify("alice", "a"), Verdict::kRight);
    EXPECT_EQ(computed_, 1);
    EXPECT_EQ(verify("bob", "a"), Verdict::kWrong);
    now_ += kPasswordRemembered;
    EXPECT_EQ(verify("alice", "a"), Verdict::kRight);
    EXPECT_EQ(computed_, 3);
}

TEST_F(PasswordVerifierTest, ForgetsAUserWhoIsRemovedOrHasAnotherPassword) {
    EXPECT_EQ(verify("alice", "a"), Verdict::kRight);
    users_["alice"] = "hash of new";
    EXPECT_EQ(verify("alice", "a"), Verdict::kWrong);
    EXPECT_EQ(verify("alice", "new"), Verdict::kRight);
    // Nor does it help that the one whose hash is taken instead has the very same.
    users_["aaron"] = "hash of new";
    users_.erase("alice");
    EXPECT_EQ(verify("alice", "new"), Verdict::kWrong);
}

TEST_F(PasswordVerifierTest, AUserThatIsNotThereTakesAsLong) {
    EXPECT_EQ(verify("nobody", "a"), Verdict::kWrong);
    EXPECT_EQ(computed_, 1);
}

TEST_F(PasswordVerifierTest, AGuesserIsOutAndOthersAreNot) {
    EXPECT_EQ(verify("bob", "b", "10.0.0.9"), Verdict::kRight);
    for (int i = 0; i < kPasswordFailuresMax; ++i) {
        EXPECT_EQ(verify("alice", std::to_string(i), "10.0.0.9"), Verdict::kWrong);
    }
    const int computed = computed_;
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(verify("alice", std::to_string(i), "10.0.0.9"), Verdict::kTooManyFailures);
    }
    EXPECT_EQ(verify("alice", "a", "10.0.0.9"), Verdict::kTooManyFailures) << "nor a lucky guess";
    EXPECT_EQ(computed_, computed);
    EXPECT_EQ(verify("bob", "b", "10.0.0.9"), Verdict::kRight) << "who is known stays in";
    EXPECT_EQ(verify("alice", "a", "10.0.0.10"), Verdict::kRight);
    now_ += kPasswordFailuresWindow;
    EXPECT_EQ(verify("alice", "x", "10.0.0.9"), Verdict::kWrong);
}

TEST_F(PasswordVerifierTest, ANetworkOfIPv6IsOnePeer) {
    for (int i = 0; i < kPasswordFailuresMax; ++i) {
        EXPECT_EQ(verify("alice", "x", "fd00::" + std::to_string(i + 1)), Verdict::kWrong);
    }
    EXPECT_EQ(verify("alice", "x", "fd00::ffff"), Verdict::kTooManyFailures);
    EXPECT_EQ(verify("alice", "x", "fd00:0:0:1::1"), Verdict::kWrong);
}

TEST_F(PasswordVerifierTest, EqualQuestionsWaitForOneAnswer) {
    std::promise<void> opened;
    gate_ = opened.get_future().share();
    std::atomic<int> right = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i) {
        threads.emplace_back([&] { right += verify("alice", "a") == Verdict::kRight ? 1 : 0; });
    }
    EXPECT_TRUE(tests::wait_for([this] { return computed_ > 0; }));
    opened.set_value();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(right, 6);
    EXPECT_EQ(computed_, 1);
}

TEST_F(PasswordVerifierTest, AFloodTakesFewThreadsAndKeepsNobodyOutWhoIsKnown) {
    EXPECT_EQ(verify("bob", "b"), Verdict::kRight);
    std::promise<void> opened;
    gate_ = opened.get_future().share();
    std::atomic<int> busy = 0;
    std::atomic<int> answered = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 40; ++i) {
        threads.emplace_back([&, i] {
            const auto verdict = verify("alice", std::to_string(i), "10.1.0." + std::to_string(i));
            busy += verdict == Verdict::kBusy ? 1 : 0;
            ++answered;
        });
    }
    // All but two that are computed and sixteen that wait.
    EXPECT_TRUE(tests::wait_for([&busy] { return busy == 22; }));
    EXPECT_EQ(answered, 22);
    EXPECT_EQ(verify("bob", "b"), Verdict::kRight);
    opened.set_value();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(computed_, 1 + 18);
}

}  // namespace
}  // namespace kurabe::server
