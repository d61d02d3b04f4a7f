// From what the remote command printed to the report of that host. The text comes from outside and
// may hold anything: it becomes a report, perhaps with warnings, or an error.
// Rule: our own, see remote_command.hpp; what the parts hold is parsed by collectors/local*.cpp.
#pragma once

#include <cstddef>
#include <string_view>

#include "collectors/report.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::ssh {

inline constexpr std::size_t kCaptureBytesMax = 1 << 20;
inline constexpr std::size_t kCapturePartsMax = 20000;

// Whether all has come: `output` ends with the end mark.
[[nodiscard]] bool is_complete(std::string_view output) noexcept;

// `host` names the host in the report, `now` is the time of all samples. kInvalid for what the
// command does not print (the message shows the first line), kUnsupported for another version of
// it, kLimit for more than the limits above.
[[nodiscard]] Result<Report> read_capture(std::string_view output, std::string_view host,
                                          store::Time now);

}  // namespace kurabe::collectors::ssh
