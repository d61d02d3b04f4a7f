// Samples, descriptions and warnings out of JSON objects: "/api/v1/samples", and Mackerel's form.
// Rule: docs/operations.md, "JSON" and "Mackerel"; Mackerel's API documentation.
#pragma once

#include <string_view>

#include "collectors/sent_reports.hpp"
#include "server/json_records.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::server {

// {"samples": [...], "meta": [...], "warnings": [...]} or the list of samples alone; what has no
// time is of `now`. Errors name the element: "samples[3]: ...". An error of its own is about the
// document, of which nothing is taken then.
[[nodiscard]] Result<collectors::ReadLines> read_samples(std::string_view json,
                                                         const collectors::HostLookup& host_of,
                                                         store::Time now);

// [{"hostId", "name", "time", "value"}, ...]; without "hostId" and all of `host` when that is not
// empty.
[[nodiscard]] Result<collectors::ReadLines> read_mackerel_values(
    std::string_view json, const collectors::HostLookup& host_of, std::string_view host);

}  // namespace kurabe::server
