// "/api/SERVICE/SECTION/GRAPH" of GrowthForecast: posts a number, or gets the one that stands.
#include <string>
#include <string_view>

#include "server/growth_form.hpp"
#include "server/pages.hpp"
#include "server/pushed_body.hpp"
#include "server/routes.hpp"
#include "server/standing_numbers.hpp"
#include "server/standing_text.hpp"

namespace kurabe::server {
namespace {

Response refusal(int status, std::string_view field, std::string_view message) {
    return pushed_answer(status, growth_error_to_json(field, message));
}

// Addresses of our own API, as they are and will be, are nobody's service: "v1".
bool is_a_version(std::string_view service) {
    return service.size() > 1 && service.front() == 'v' &&
           service.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

Response post_number(const Visit& visit, const StandingPath& path) {
    const auto posted = read_growth_form(visit.request, visit.parts.zone);
    if (!posted) return refusal(400, posted.error().field, posted.error().message);
    const StandingNumbers::Posted done =
        visit.parts.numbers->post(path, *posted, *visit.parts.intake, visit.sender());
    const TakenLines& taken = done.taken;
    if (is_taken(taken)) {
        return pushed_answer(200, growth_success_to_json(path, done.standing, visit.parts.zone));
    }
    const std::string_view reason =
        taken.errors.empty() ? std::string_view("refused") : taken.errors.front().reason;
    const bool is_ahead = posted->time && *posted->time > visit.parts.now();
    return refusal(status_of(taken), is_ahead ? "timestamp" : "number", reason);
}

}  // namespace

Result<Response> growth_api(const Visit& visit) {
    const auto names = wildcards_of(*visit.route, visit.request);
    const StandingPath path{std::string(names[0]), std::string(names[1]), std::string(names[2])};
    if (is_a_version(path.service) || visit.parts.numbers == nullptr) {
        return refusal(404, "path", "no " + visit.request.path + " in this API");
    }
    if (auto checked = check_path(path); !checked) {
        return refusal(400, "path", checked.error().message);
    }
    if (auto may = visit.caller.check_host(path.host()); !may) {
        return std::unexpected(may.error());
    }
    if (visit.request.method == "POST") return post_number(visit, path);
    const auto standing = visit.parts.numbers->find(path);
    if (!standing) return refusal(404, "path", "nobody has posted this graph");
    return pushed_answer(200, growth_row_to_json(path, *standing, visit.parts.zone));
}

}  // namespace kurabe::server
