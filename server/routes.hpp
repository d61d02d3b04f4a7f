// The addresses of the server: who answers each of them, and what a request for it may be.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/pages.hpp"

namespace kurabe::server {

// How a client reads an error.
enum class ErrorForm {
    kPage,
    kText,
    kJson,
    kMackerel,  // JSON of Mackerel's form
    kGrowth,    // and of GrowthForecast's
};

enum class Methods {
    kRead,        // GET and HEAD
    kReadByPost,  // POST too, for more parameters than an address holds; it changes nothing either
    kWrite,       // POST alone: changes what is stored, and keeps to write_rules.hpp
    kPostForm,    // the same by POST of a form
    kWriteForm,   // POST of a form as before; GET and HEAD read, which their answer has to see to
    kAgentPost,   // GET, HEAD and POST of an agent that pushes: all of it wants the right to write
    kAgentPut,    // the same with PUT in place of POST
    kReadOrDelete,  // GET and HEAD, and DELETE, which changes what is stored
};

// Who gets an answer, besides what `methods` says: only those who may write are let write.
enum class Needs {
    kLogin,             // whoever may read, of the hosts of `hosts_in`
    kLoginOrSignature,  // also whoever has its address signed: access/signature.hpp
    kNothing,           // everybody
};

// Where a request names the hosts that it is about, for tokens that are for some hosts alone.
enum class HostsIn {
    kNowhere,     // it is about all: not for such tokens
    kParameters,  // "address"; and by a name, too, "host" and the beginning of "series"
    kPath,        // the first "*", an address or a name of the configuration
    kLines,       // of the body, or of an agent's path: LineIntake looks at each
    kAnswer,      // only its answer knows, and looks at the caller
};

struct Route {
    // "/api/v1/lines"; a "*" stands for one segment, which is never empty: "/g/*/*/*".
    std::string_view path;
    Result<Response> (*answer)(const Visit&);
    ErrorForm errors;
    Methods methods = Methods::kRead;
    std::size_t body_bytes_max = kRequestBodyBytesMax;
    Needs needs = Needs::kLogin;
    HostsIn hosts_in = HostsIn::kNowhere;
};

// The table. Those below "/api/" are described in web/api/v1/openapi.json.
[[nodiscard]] std::span<const Route> routes() noexcept;

// Whether a request with this head would change what is stored, or needs the same right.
[[nodiscard]] bool writes(const Route& route, const Request& head) noexcept;

// The first route whose path it is, those without "*" before others; null for none. Static.
[[nodiscard]] const Route* find_route(const Request& request);

// What stands in the place of each "*" of the route's path, in order: decoded, so that a '/' in one
// is of its text. Of the request's segments.
[[nodiscard]] std::vector<std::string_view> wildcards_of(const Route& route,
                                                         const Request& request);

}  // namespace kurabe::server
