// Kurado's agents, which push over Redis' protocol, on a thread of its own: it lasts as long as the
// server, because agents keep their connections.
#pragma once

#include <memory>
#include <string>

#include "cli/lasting_thread.hpp"
#include "server/line_intake.hpp"
#include "server/log.hpp"
#include "server/resp/server.hpp"

namespace kurabe::cli {

// How many agents may be connected; a quarter of the files that this process may open, at most.
[[nodiscard]] std::size_t resp_connections_max();

class RespListener {
  public:
    // `listen` is "ADDR:PORT". An error when it cannot be listened on. The references must outlive
    // it.
    [[nodiscard]] static Result<std::unique_ptr<RespListener>> prepare(const std::string& listen,
                                                                       server::CurrentIntake intake,
                                                                       server::Log& log);
    ~RespListener();  // as stop()
    RespListener(const RespListener&) = delete;
    RespListener& operator=(const RespListener&) = delete;

    // Once. Peers wait until then.
    void start();
    // Within a quarter of a second. What was not answered by then was not taken. May be called
    // again, and without start().
    void stop();

  private:
    RespListener(std::unique_ptr<server::resp::Server> server, std::string address,
                 server::Log& log);

    std::unique_ptr<server::resp::Server> server_;
    std::string address_;
    server::Log& log_;
    LastingThread thread_;
};

}  // namespace kurabe::cli
