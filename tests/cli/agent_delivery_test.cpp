// The agent's way to its server when memory runs out.
#include "cli/agent_delivery.hpp"

#include <chrono>
#include <string>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "collectors/descriptor.hpp"
#include "tests/support/files.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::cli {
namespace {

using testing::HasSubstr;

// Nothing large can be had while it lives.
class NoMemory {
  public:
    NoMemory() {
        ::getrlimit(RLIMIT_AS, &before_);
        const rlimit little{.rlim_cur = 1 << 20, .rlim_max = before_.rlim_max};
        ::setrlimit(RLIMIT_AS, &little);
    }
    ~NoMemory() { ::setrlimit(RLIMIT_AS, &before_); }
    NoMemory(const NoMemory&) = delete;
    NoMemory& operator=(const NoMemory&) = delete;

  private:
    rlimit before_{};
};

TEST(AgentDelivery, EndsWithoutMemory) {
#ifdef KURABE_SANITIZED
    GTEST_SKIP() << "sanitizers do not live without memory";
#endif
    const tests::TemporaryDirectory directory;
    const std::string file = directory.write("log", "");
    const collectors::Descriptor opened(::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    server::Log log(opened.number(), server::LogLevel::kInfo);
    auto spool = collectors::agent::Spool::open(std::nullopt, {.memory_bytes = 100 << 20});
    auto sender = LineSender::create(
        {.url = fmt::format("http://127.0.0.1:{}", tests::free_port()), .token_file = {}}, {});
    ASSERT_TRUE(spool && sender);
    ASSERT_TRUE(spool->add(std::string(60 << 20, '\n')));
    AgentDelivery delivery(*std::move(spool), *std::move(sender), log, 1);
    delivery.start();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!tests::read_file(file).contains("does not take lines") &&
           std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    {
        const NoMemory none;
        delivery.stop();
    }
    EXPECT_THAT(tests::read_file(file), HasSubstr("task failed"));
    EXPECT_THAT(tests::read_file(file), HasSubstr("are lost"));
}

}  // namespace
}  // namespace kurabe::cli
