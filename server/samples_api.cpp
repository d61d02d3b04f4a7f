// Samples as JSON: our own "/api/v1/samples" and Mackerel's "/api/v0/tsdb" and
// "/api/v0/services/*/tsdb".
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "server/line_intake.hpp"
#include "server/pages.hpp"
#include "server/pushed_body.hpp"
#include "server/routes.hpp"
#include "server/sample_records.hpp"
#include "server/series_json.hpp"

namespace kurabe::server {
namespace {

using Reader = std::function<Result<collectors::ReadLines>(std::string_view json,
                                                           const collectors::HostLookup& host_of)>;

// What became of a body that could be read at all.
Result<TakenLines> take_json(const Visit& visit, const Reader& reader) {
    std::string room;
    const auto body = pushed_body(visit.request, room);
    if (!body) return std::unexpected(body.error());
    std::optional<Error> broken;
    const auto read = [&](const collectors::HostLookup& host_of) {
        auto lines = reader(*body, host_of);
        if (lines) return *std::move(lines);
        broken = std::move(lines).error();
        return collectors::ReadLines{};
    };
    TakenLines taken = visit.parts.intake->take(LineIntake::Read(read), visit.sender());
    if (broken) return fail(ErrorCode::kInvalid, "the body: " + broken->message);
    return taken;
}

// Whoever sends again what the store has, because an answer was lost, did nothing wrong: Mackerel's
// agents would try for hours.
Response mackerel_answer(const TakenLines& taken) {
    const bool has_use = taken.accepted + taken.outdated > 0;
    const int status = has_use && !taken.failure ? 200 : status_of(taken);
    if (status == 200) return pushed_answer(status, mackerel_success_to_json(taken));
    const std::string_view reason =
        taken.errors.empty() ? std::string_view("refused") : taken.errors.front().reason;
    return pushed_answer(status, mackerel_error_to_json(reason));
}

Result<Response> take_mackerel_values(const Visit& visit, const std::string& host) {
    const auto taken = take_json(visit, [&host](auto json, const auto& host_of) {
        return read_mackerel_values(json, host_of, host);
    });
    if (taken) return mackerel_answer(*taken);
    return pushed_answer(status_of_body(taken.error()),
                         mackerel_error_to_json(taken.error().message));
}

}  // namespace

Result<Response> samples_api(const Visit& visit) {
    const auto taken = take_json(visit, [now = visit.parts.now()](auto json, const auto& host_of) {
        return read_samples(json, host_of, now);
    });
    if (taken) return pushed_answer(status_of(*taken), taken_lines_to_json(*taken));
    const Error& error = taken.error();
    return pushed_answer(status_of_body(error), error_to_json(error.code, error.message));
}

Result<Response> mackerel_hosts_api(const Visit& visit) {
    return take_mackerel_values(visit, "");
}

Result<Response> mackerel_service_api(const Visit& visit) {
    const auto names = wildcards_of(*visit.route, visit.request);
    return take_mackerel_values(visit, fmt::format("service:{}", names.front()));
}

}  // namespace kurabe::server
