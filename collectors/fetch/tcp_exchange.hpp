// One exchange over TCP: connect, say something, read until the answer is whole. Waits for nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "collectors/descriptor.hpp"
#include "collectors/name_resolver.hpp"
#include "collectors/tcp_connection.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::fetch {

class TcpExchange {
  public:
    using Time = std::chrono::steady_clock::time_point;
    // Given the bytes that came anew; whether the answer is whole. `ended`: none will come any
    // more.
    using Take = std::function<Result<bool>(std::string_view bytes, bool ended)>;

    // `addresses` with their port; those that do not answer share the time until `deadline`.
    TcpExchange(Addresses addresses, std::string request, Take take, Time deadline);

    // True when the answer is whole. To be called when the descriptor is ready and at wakes_at().
    // kSystem when it cannot be had, kLimit when it is over kAnswerBytesMax, or an error of `take`.
    // Does not watch the deadline once it is connected.
    [[nodiscard]] Result<bool> advance(Time now);

    [[nodiscard]] int descriptor() const noexcept;
    [[nodiscard]] short events() const noexcept;
    [[nodiscard]] Time wakes_at() const noexcept;

  private:
    [[nodiscard]] Result<void> send();
    [[nodiscard]] Result<bool> receive();

    TcpConnection connection_;
    bool is_connected_ = false;
    Descriptor socket_;
    std::string request_;
    std::size_t sent_ = 0;
    std::size_t received_ = 0;
    Take take_;
};

}  // namespace kurabe::collectors::fetch
