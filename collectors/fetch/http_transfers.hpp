// Many GET requests and timed connections at once on one thread: the wrapper of libcurl's multi
// interface.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <poll.h>

#include "collectors/fetch/answer.hpp"
#include "collectors/fetch/timed_try.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::fetch {

// `address` is numeric, so that no name is looked up and nothing but it is connected to. Texts have
// no control bytes (request.hpp).
struct HttpGet {
    std::string address;
    std::string port;
    std::string path;
    std::string target;  // in the place of the path, when not empty
    std::string host;    // the Host header
    std::chrono::milliseconds connect_limit{0};
    std::chrono::milliseconds limit{0};
};

class HttpTransfers {
  public:
    using Id = std::uint64_t;
    // An error of the code kInvalid is a status other than 200.
    struct Finished {
        Id id;
        Result<Answer> answer;
        bool reached = true;  // false: no connection came about
        TimedTry timed = {};  // of a timed request; its answer is empty, or why there is none
    };

    // kSystem when libcurl cannot be set up.
    [[nodiscard]] static Result<std::unique_ptr<HttpTransfers>> create();
    ~HttpTransfers();  // gives up those under way
    HttpTransfers(const HttpTransfers&) = delete;
    HttpTransfers& operator=(const HttpTransfers&) = delete;

    [[nodiscard]] Result<Id> begin(const HttpGet& request);
    // Of any kind but kDns.
    [[nodiscard]] Result<Id> begin(const TimedRequest& request);
    void give_up(Id id);
    // Waits for at most `longest` for them and for `more`, whose revents are set.
    void wait(std::span<pollfd> more, std::chrono::milliseconds longest);
    // Goes on with what came; those that have ended.
    [[nodiscard]] std::vector<Finished> advance();

  private:
    struct Parts;
    explicit HttpTransfers(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace kurabe::collectors::fetch
