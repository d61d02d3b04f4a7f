// "/api/v1/lines": samples, descriptions and warnings of hosts, pushed over HTTP.
#include <string>
#include <string_view>

#include "server/line_intake.hpp"
#include "server/pages.hpp"
#include "server/pushed_body.hpp"
#include "server/series_json.hpp"

namespace kurabe::server {

Result<Response> lines_api(const Visit& visit) {
    std::string room;
    const auto lines = pushed_body(visit.request, room);
    if (!lines) {
        const Error& error = lines.error();
        return pushed_answer(status_of_body(error), error_to_json(error.code, error.message));
    }
    const TakenLines taken = visit.parts.intake->take(*lines, visit.sender());
    return pushed_answer(status_of(taken), taken_lines_to_json(taken));
}

}  // namespace kurabe::server
