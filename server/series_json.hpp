// The API's texts: rows, lists of series, host states and errors as JSON, and back for the command
// line. The one wrapper of nlohmann-json. Documented in docs/operations.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/line_intake.hpp"
#include "store/fetch.hpp"
#include "store/result.hpp"
#include "store/store.hpp"

namespace kurabe::server {

// {"start":1700000000,"end":1700000120,"step":60,"values":[0.5,null]}; start, end and step are
// seconds, unknown is null, infinities are "inf" and "-inf". Numbers come back bit for bit.
[[nodiscard]] std::string series_to_json(const store::FetchedSeries& series);
// kInvalid when it is not what series_to_json writes.
[[nodiscard]] Result<store::FetchedSeries> series_from_json(std::string_view json);

// {"host":"10.0.0.1","series":[{"name":"10.0.0.1/base/cpu-user.derive","type":"DERIVE",
// "last_update":1700000000.25}]}
[[nodiscard]] std::string series_list_to_json(std::string_view host,
                                              std::span<const store::SeriesInfo> series);
[[nodiscard]] Result<std::vector<store::SeriesInfo>> series_list_from_json(std::string_view json);

// {"10.0.0.1":0,"10.0.0.2":2}, in the order given.
[[nodiscard]] std::string states_to_json(std::span<const std::pair<std::string, int>> states);

// {"accepted":3,"refused":1,"errors":[{"line":3,"reason":"..."}]}; what the store refused has no
// "line".
[[nodiscard]] std::string taken_lines_to_json(const TakenLines& taken);
// kInvalid when it is not what taken_lines_to_json writes.
[[nodiscard]] Result<TakenLines> taken_lines_from_json(std::string_view json);

// {"success":true}, with "accepted", "refused" and "errors" as above when some are refused.
[[nodiscard]] std::string mackerel_success_to_json(const TakenLines& taken);
// {"error":{"message":"..."}}
[[nodiscard]] std::string mackerel_error_to_json(std::string_view message);

// {"error":"...","code":"not-found"}
[[nodiscard]] std::string error_to_json(ErrorCode code, std::string_view message);
// The same with a code that no Error has: "unauthorized". Read back as kForbidden.
[[nodiscard]] std::string error_to_json(std::string_view code, std::string_view message);
// What error_to_json wrote; none for anything else, such as a proxy's page.
[[nodiscard]] std::optional<Error> own_error_from_json(std::string_view json);
// The error that a server answered with; kSystem with `json` cut short when it is none of ours.
[[nodiscard]] Error error_from_json(std::string_view json);

}  // namespace kurabe::server
