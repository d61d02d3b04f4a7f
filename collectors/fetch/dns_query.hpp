// One question to one DNS server over UDP, timed. The wrapper of c-ares, which is asked with none
// of its own help: no configuration of this machine, no second try, no other server, no cache, no
// TCP when an answer is cut. Waits for nothing.
#pragma once

#include <memory>
#include <optional>

#include "collectors/fetch/timed_try.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::fetch {

class DnsQuery {
  public:
    // Asks for the address (type A) of `request.name`. kSystem when the question cannot be asked.
    [[nodiscard]] static Result<std::unique_ptr<DnsQuery>> send(const TimedRequest& request);
    ~DnsQuery();  // gives it up
    DnsQuery(const DnsQuery&) = delete;
    DnsQuery& operator=(const DnsQuery&) = delete;

    // None while there is no answer; to be called when the descriptor is readable. An answer with
    // the code NOERROR counts, also one without an address and one that is cut; others are errors
    // of the code kSystem. What answers something else than what was asked is not heard.
    [[nodiscard]] std::optional<Result<TimedTry>> advance();
    // To be polled for reading. Negative: nothing.
    [[nodiscard]] int descriptor() const noexcept;

  private:
    struct Parts;
    explicit DnsQuery(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace kurabe::collectors::fetch
