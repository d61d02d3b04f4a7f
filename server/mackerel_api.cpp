// What Mackerel's agent asks for besides posting values: "/api/v0/hosts" and what is below it,
// "/api/v0/graph-defs/create", "/api/v0/monitoring/checks/report".
// No host is registered here: one that may be pushed is known, by its name in the store.
#include <algorithm>
#include <array>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "collectors/sent_reports.hpp"
#include "server/http_error.hpp"
#include "server/json_answer.hpp"
#include "server/line_intake.hpp"
#include "server/mackerel_graphs.hpp"
#include "server/mackerel_request.hpp"
#include "server/pages.hpp"
#include "server/parameters.hpp"
#include "server/pushed_body.hpp"
#include "server/routes.hpp"
#include "server/series_json.hpp"
#include "store/archive_name.hpp"
#include "store/sample.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kStatusMeta = "status";
constexpr std::string_view kUsualStatus = "working";
constexpr std::string_view kMetadataBegins = "metadata.";
// The agent tells a warning again at each check, and checks once an hour at least.
constexpr store::Seconds kCheckWarningLifetime{2 * 3600};

template <typename T>
using Answered = std::expected<T, Response>;

std::unexpected<Response> refusal(int status, std::string_view reason) {
    return std::unexpected(pushed_answer(status, mackerel_error_to_json(reason)));
}

// The body as `read` reads it.
template <typename Read>
auto body_as(const Visit& visit, const Read& read)
    -> Answered<typename std::invoke_result_t<Read, std::string_view>::value_type> {
    std::string room;
    const auto body = pushed_body(visit.request, room, kMackerelBodyBytesMax);
    if (!body) return refusal(status_of_body(body.error()), body.error().message);
    auto done = read(*body);
    if (done) return *std::move(done);
    return refusal(status_of_body(done.error()), "the body " + done.error().message);
}

// The address of a host that the sender may push as, which is the id here.
Answered<std::string> checked_id(const Visit& visit, std::string_view host) {
    if (const auto valid = store::archive_name_of(host); !valid) {
        return refusal(400, valid.error().message);
    }
    auto id = visit.parts.intake->host_of(host, visit.sender());
    if (id) return *std::move(id);
    return refusal(id.error().code == ErrorCode::kInvalid ? 400 : 403, id.error().message);
}

Answered<std::string> id_in_path(const Visit& visit) {
    return checked_id(visit, wildcards_of(*visit.route, visit.request).front());
}

// The agent has nothing to name its host with but what it shows.
std::string_view name_of(const Visit& visit, const MackerelHost& host) {
    if (host.display_name.empty()) return host.name;
    const auto shown = visit.parts.intake->host_of(host.display_name, visit.sender());
    return shown && visit.parts.config.hosts.contains(*shown) ? host.display_name : host.name;
}

Answered<Response> register_host(const Visit& visit) {
    const auto host = body_as(visit, read_mackerel_host);
    if (!host) return std::unexpected(host.error());
    const auto id = checked_id(visit, name_of(visit, *host));
    if (!id) return std::unexpected(id.error());
    return json_answer(mackerel_id_to_json(*id));
}

// Nobody has such a thing here, so that the agent goes on to register.
Answered<Response> find_by_identifier(const Visit& visit) {
    Parameters parameters(visit.request);
    (void)parameters.required("customIdentifier");
    if (const auto checked = parameters.check(); !checked) {
        return refusal(400, checked.error().message);
    }
    return json_answer(R"({"hosts":[]})");
}

Answered<std::string> meta_of_host(const Visit& visit, const std::string& id,
                                   std::string_view key) {
    const auto meta = visit.parts.metadata.meta(id, kMackerelPlugin);
    if (!meta) return refusal(http_status(meta.error().code), client_text(meta.error()));
    const auto found = meta->find(key);
    return found == meta->end() ? std::string() : found->second;
}

Answered<Response> show_host(const Visit& visit, const std::string& id) {
    const auto status = meta_of_host(visit, id, kStatusMeta);
    if (!status) return std::unexpected(status.error());
    const auto listed = visit.parts.config.hosts.find(id);
    const bool is_listed = listed != visit.parts.config.hosts.end();
    return json_answer(mackerel_host_to_json(
        id, is_listed ? std::string_view(listed->second.host->hostname) : std::string_view(id),
        status->empty() ? kUsualStatus : std::string_view(*status)));
}

Answered<Response> host_by_id(const Visit& visit) {
    const auto id = id_in_path(visit);
    if (!id) return std::unexpected(id.error());
    if (visit.request.method != "PUT") return show_host(visit, *id);
    if (const auto host = body_as(visit, read_mackerel_host); !host) {
        return std::unexpected(host.error());
    }
    return json_answer(mackerel_id_to_json(*id));
}

Answered<Response> taken_answer(const TakenLines& taken) {
    const int status = status_of(taken);
    if (status == 200) return pushed_answer(status, mackerel_success_to_json(taken));
    return refusal(status, taken.errors.empty() ? "refused" : taken.errors.front().reason);
}

Answered<Response> keep_meta(const Visit& visit, const std::string& id, std::string_view key,
                             std::string_view value) {
    const store::SampleTime now = visit.parts.now();
    const auto add = [&](const collectors::HostLookup& host_of) {
        collectors::SentReports reports(host_of);
        auto added = reports.choose_host(id);
        if (added) added = reports.add_meta(kMackerelPlugin, key, value, now);
        if (!added) reports.refuse(std::nullopt, added.error().message);
        return reports.finish();
    };
    return taken_answer(visit.parts.intake->take(LineIntake::Read(add), visit.sender()));
}

Answered<Response> keep_status(const Visit& visit) {
    const auto id = id_in_path(visit);
    if (!id) return std::unexpected(id.error());
    const auto status = body_as(visit, read_mackerel_status);
    if (!status) return std::unexpected(status.error());
    return keep_meta(visit, *id, kStatusMeta, *status);
}

Answered<Response> metadata_of_host(const Visit& visit) {
    const auto id = id_in_path(visit);
    if (!id) return std::unexpected(id.error());
    const auto names = wildcards_of(*visit.route, visit.request);
    const std::string key = fmt::format("{}{}", kMetadataBegins, names[1]);
    if (visit.request.method != "PUT") {
        auto kept = meta_of_host(visit, *id, key);
        if (!kept) return std::unexpected(kept.error());
        if (kept->empty()) return refusal(404, fmt::format("no metadata '{}'", names[1]));
        return json_answer(*std::move(kept));
    }
    const auto posted = body_as(visit, one_line_json);
    if (!posted) return std::unexpected(posted.error());
    if (posted->size() > kMetaValueBytesMax) {
        return refusal(413, fmt::format("metadata of over {} bytes", kMetaValueBytesMax));
    }
    return keep_meta(visit, *id, key, *posted);
}

// What is right is kept although some is not, and what is not is said.
Answered<Response> define_graphs(const Visit& visit) {
    // They are of all hosts: whoever may send one that no rule names may send them.
    if (const auto may = visit.parts.intake->check(kMackerelPlugin, visit.sender()); !may) {
        return refusal(403, may.error().message);
    }
    const auto graphs = body_as(visit, read_mackerel_graphs);
    if (!graphs) return std::unexpected(graphs.error());
    if (visit.parts.mackerel == nullptr) return refusal(503, "graphs are not kept here");
    const auto refused = visit.parts.mackerel->add(graphs->good, visit.parts.now());
    if (!refused) {
        return refusal(http_status(refused.error().code), client_text(refused.error()));
    }
    const std::size_t wrong = graphs->wrong.size() + refused->count;
    if (wrong == 0) return pushed_answer(200, mackerel_success_to_json({}));
    return refusal(400,
                   fmt::format("{} of {} graphs refused: {}", wrong,
                               graphs->good.size() + graphs->wrong.size(),
                               graphs->wrong.empty() ? refused->reason : graphs->wrong.front()));
}

// A message may have several lines.
std::string warning_text(const MackerelCheck& check) {
    std::string text = check.message;
    while (!text.empty() && text.back() == '\n') text.pop_back();
    std::ranges::replace(text, '\n', ' ');
    return text.empty() ? "no message" : collectors::readable(text);
}

// Each check is a plugin of its own, whose warning it is or ends.
Result<collectors::Report> report_of(const MackerelCheck& check, store::Time now) {
    constexpr std::array<std::string_view, 4> kKeys{"", "warning", collectors::kCriticalWarning,
                                                    "unknown"};
    if (const auto name = store::archive_name_of(check.host); !name) {
        return std::unexpected(name.error());
    }
    collectors::Report report;
    report.batch.host = check.host;
    report.time = now;
    report.is_sign_of_life = false;
    report.plugin = fmt::format("{}:{}", kMackerelPlugin, check.name);
    if (auto valid = store::check_plugin(report.plugin); !valid) {
        return std::unexpected(valid.error());
    }
    report.ends_other_warnings = true;
    if (check.verdict != MackerelVerdict::kOk) {
        report.warnings.push_back({report.plugin,
                                   std::string(kKeys[static_cast<std::size_t>(check.verdict)]),
                                   warning_text(check), kCheckWarningLifetime});
    }
    return report;
}

collectors::ReadLines reports_of(const MackerelList<MackerelCheck>& checks,
                                 const collectors::HostLookup& host_of, store::Time now) {
    collectors::ReadLines read;
    const auto refuse_one = [&read](std::string reason) {
        ++read.refused;
        if (read.errors.size() < collectors::kLineErrorsMax) {
            read.errors.push_back({std::nullopt, std::move(reason)});
        }
    };
    for (const std::string& wrong : checks.wrong) refuse_one(wrong);
    for (const MackerelCheck& check : checks.good) {
        auto report = report_of(check, now);
        if (!report) {
            refuse_one(report.error().message);
        } else if (auto host = host_of(check.host); !host) {
            if (host.error().code != ErrorCode::kInvalid) ++read.forbidden;
            refuse_one(host.error().message);
        } else {
            report->batch.host = *std::move(host);
            read.reports.push_back(*std::move(report));
            ++read.taken;
        }
    }
    return read;
}

Answered<Response> take_checks(const Visit& visit) {
    const auto checks = body_as(visit, read_mackerel_checks);
    if (!checks) return std::unexpected(checks.error());
    const store::Time now = visit.parts.now();
    return taken_answer(visit.parts.intake->take(
        LineIntake::Read([&checks, now](const collectors::HostLookup& host_of) {
            return reports_of(*checks, host_of, now);
        }),
        visit.sender()));
}

Result<Response> either(Answered<Response> answer) {
    return answer ? *std::move(answer) : std::move(answer).error();
}

}  // namespace

Result<Response> mackerel_registry_api(const Visit& visit) {
    return either(visit.request.method == "POST" ? register_host(visit)
                                                 : find_by_identifier(visit));
}

Result<Response> mackerel_host_api(const Visit& visit) {
    return either(host_by_id(visit));
}

Result<Response> mackerel_status_api(const Visit& visit) {
    return either(keep_status(visit));
}

Result<Response> mackerel_metadata_api(const Visit& visit) {
    return either(metadata_of_host(visit));
}

Result<Response> mackerel_graphs_api(const Visit& visit) {
    return either(define_graphs(visit));
}

Result<Response> mackerel_checks_api(const Visit& visit) {
    return either(take_checks(visit));
}

}  // namespace kurabe::server
