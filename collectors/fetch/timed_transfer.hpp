// Connections, handshakes and first bytes as transfers of libcurl, which times them. Each has a
// connection of its own, and neither it nor its TLS session is used again.
#pragma once

#include <array>

#include "collectors/fetch/curl_handles.hpp"
#include "collectors/fetch/timed_try.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::fetch {

// One under way; stays where it is until its handle is no longer used.
struct TimedTransfer {
    EasyHandle easy;
    TextList connect_to;
    ProbeKind kind = ProbeKind::kTcp;
    std::array<char, CURL_ERROR_SIZE> error{};

    // False when there is no memory. `request` is of any kind but kDns.
    [[nodiscard]] bool set_up(const TimedRequest& request);
    // What it came to with the code that it ended with. kSystem says why it is no try that counts.
    [[nodiscard]] Result<TimedTry> outcome(CURLcode code) const;
};

}  // namespace kurabe::collectors::fetch
