// An HTTP server that keeps what it is sent and answers what it is told to.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "server/http_server.hpp"
#include "server/log.hpp"
#include "server/parameters.hpp"

namespace kurabe::tests {

class RecordingServer {
  public:
    using Answer = std::function<server::Response(const server::Request&)>;

    explicit RecordingServer(Answer answer) : answer_(std::move(answer)) {
        auto started = server::HttpServer::start(
            {.listen = {.address = "127.0.0.1", .port = 0},
             .body_rule =
                 [](const auto&, auto) {
                     return server::BodyDecision{.bytes_max = server::kLinesBodyBytesMax};
                 }},
            [this](const server::Request& request) {
                const std::lock_guard lock(mutex_);
                requests_.push_back(request);
                return answer_(request);
            },
            log_);
        EXPECT_TRUE(started);
        if (started) http_ = *std::move(started);
    }
    RecordingServer(const RecordingServer&) = delete;
    RecordingServer& operator=(const RecordingServer&) = delete;

    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(http_->port());
    }
    [[nodiscard]] std::vector<server::Request> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

    [[nodiscard]] static server::Response json(int status, std::string body) {
        server::Response response;
        response.status = status;
        response.content_type = "application/json";
        response.body = std::move(body);
        return response;
    }

  private:
    mutable std::mutex mutex_;
    Answer answer_;
    std::vector<server::Request> requests_;
    server::Log log_{STDERR_FILENO, server::LogLevel::kError};
    std::unique_ptr<server::HttpServer> http_;  // last, so that it ends first
};

}  // namespace kurabe::tests
