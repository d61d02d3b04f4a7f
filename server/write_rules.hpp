// What a request that changes what is stored has to keep to, known from its head.
#pragma once

#include <optional>

#include "server/http_types.hpp"

namespace kurabe::server {

// The status and the reason of a refusal.
struct WriteRefusal {
    int status;
    std::string_view reason;
};

// What the body may be.
enum class WrittenBody {
    kText,  // lines or JSON, packed with gzip or not
    kForm,  // not packed
};

// `may_write` is false for a server that only reads.
[[nodiscard]] std::optional<WriteRefusal> write_refusal(const Request& head, bool may_write,
                                                        WrittenBody body);

}  // namespace kurabe::server
