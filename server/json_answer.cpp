// Its headers.
#include "server/json_answer.hpp"

#include <utility>

namespace kurabe::server {

Response json_answer(std::string json, int status) {
    Response response;
    response.status = status;
    response.content_type = "application/json";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = std::move(json);
    return response;
}

}  // namespace kurabe::server
