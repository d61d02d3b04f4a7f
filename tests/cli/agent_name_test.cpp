// What an agent calls its machine while addresses come and go.
#include "cli/agent_name.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace kurabe::cli {
namespace {

class AgentNameTest : public testing::Test {
  protected:
    AgentName named(std::optional<std::string> given) {
        return {std::move(given),
                [this] {
                    ++asked_;
                    return address_;
                },
                log_};
    }

    server::Log log_{STDERR_FILENO, server::LogLevel::kError};
    Result<std::string> address_ = "10.0.0.1";
    int asked_ = 0;
};

TEST_F(AgentNameTest, IsTheOneGiven) {
    AgentName name = named("me");
    name.doubt();
    EXPECT_EQ(name.get(), "me");
    EXPECT_EQ(asked_, 0);
}

TEST_F(AgentNameTest, IsTheAddressOnceThereIsOne) {
    address_ = fail(ErrorCode::kSystem, "no network");
    AgentName name = named(std::nullopt);
    EXPECT_EQ(name.get(), std::nullopt);
    address_ = "10.0.0.1";
    EXPECT_EQ(name.get(), "10.0.0.1");
    EXPECT_EQ(name.get(), "10.0.0.1");
    EXPECT_EQ(asked_, 2);
}

TEST_F(AgentNameTest, IsAskedForAgainWhenItIsInDoubt) {
    AgentName name = named(std::nullopt);
    EXPECT_EQ(name.get(), "10.0.0.1");
    address_ = "10.0.0.2";
    EXPECT_EQ(name.get(), "10.0.0.1");
    name.doubt();
    EXPECT_EQ(name.get(), "10.0.0.2");
    address_ = fail(ErrorCode::kSystem, "no network");
    name.doubt();
    EXPECT_EQ(name.get(), "10.0.0.2");
    EXPECT_EQ(name.get(), "10.0.0.2");
    EXPECT_EQ(asked_, 3);
}

}  // namespace
}  // namespace kurabe::cli
