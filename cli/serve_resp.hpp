// Kurado's agents, which push over Redis' protocol, on a thread of its own.
#pragma once

#include <memory>
#include <string>

#include "cli/collection.hpp"
#include "cli/lasting_thread.hpp"
#include "server/line_intake.hpp"
#include "server/log.hpp"
#include "server/resp/server.hpp"

namespace kurabe::cli {

// How many agents may be connected; a quarter of the files that this process may open, at most.
[[nodiscard]] std::size_t resp_connections_max();

class RespCollection final : public Collection {
  public:
    // `listen` is "ADDR:PORT". An error when it cannot be listened on. The references must outlive
    // it.
    [[nodiscard]] static Result<std::unique_ptr<RespCollection>> prepare(const std::string& listen,
                                                                         server::LineIntake& intake,
                                                                         server::Log& log);
    ~RespCollection() override;  // as stop()
    RespCollection(const RespCollection&) = delete;
    RespCollection& operator=(const RespCollection&) = delete;

    void start() override;
    // Within a quarter of a second. What was not answered by then was not taken.
    void stop() override;

  private:
    RespCollection(std::unique_ptr<server::resp::Server> server, std::string address,
                   server::Log& log);

    std::unique_ptr<server::resp::Server> server_;
    std::string address_;
    server::Log& log_;
    LastingThread thread_;
};

}  // namespace kurabe::cli
