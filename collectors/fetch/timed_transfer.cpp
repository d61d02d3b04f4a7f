// Sets transfers up and reads libcurl's clock.
#include "collectors/fetch/timed_transfer.hpp"

#include <string_view>

#include <fmt/format.h>

#include "collectors/printable.hpp"

namespace kurabe::collectors::fetch {
namespace {

constexpr std::size_t kShownErrorBytesMax = 200;

bool has_tls(ProbeKind kind) noexcept {
    return kind == ProbeKind::kTls || kind == ProbeKind::kHttps;
}

bool is_http(ProbeKind kind) noexcept {
    return kind == ProbeKind::kHttp || kind == ProbeKind::kHttps;
}

// The first line tells the status. Taking nothing of it ends the transfer.
std::size_t end_at_first_line(char*, std::size_t, std::size_t, void*) {
    return 0;
}

std::string url_of(const TimedRequest& request) {
    const std::string host = request.name.empty() ? url_host(request.address) : request.name;
    return fmt::format("{}://{}:{}{}", has_tls(request.kind) ? "https" : "http", host, request.port,
                       is_http(request.kind) ? request.path : "/");
}

// What is timed is the way to the server and the server; who it is, is not judged: inside of a
// network certificates are often of an authority that only its machines know.
void set_up_tls(CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
}

curl_off_t time_of(CURL* easy, CURLINFO what) {
    curl_off_t microseconds = 0;
    curl_easy_getinfo(easy, what, &microseconds);
    return microseconds;
}

// From the end of one part until that of the next.
std::chrono::microseconds took(CURL* easy, ProbeKind kind) {
    const curl_off_t connected = time_of(easy, CURLINFO_CONNECT_TIME_T);
    const curl_off_t shaken = time_of(easy, CURLINFO_APPCONNECT_TIME_T);
    curl_off_t begin = time_of(easy, CURLINFO_NAMELOOKUP_TIME_T);
    curl_off_t end = connected;
    if (kind == ProbeKind::kTls) {
        begin = connected;
        end = shaken;
    } else if (is_http(kind)) {
        // Not from PRETRANSFER: that is when the request is sent already, and a server that is near
        // may have answered by then.
        begin = has_tls(kind) ? shaken : connected;
        end = time_of(easy, CURLINFO_STARTTRANSFER_TIME_T);
    }
    return std::chrono::microseconds{end - begin};
}

// The first certificate is the server's own; "Expire date:Jan  1 00:00:00 2030 GMT".
std::optional<std::chrono::sys_seconds> certificate_end(CURL* easy) {
    constexpr std::string_view kName = "Expire date:";
    curl_certinfo* chain = nullptr;
    if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == nullptr ||
        chain->num_of_certs < 1) {
        return std::nullopt;
    }
    for (const curl_slist* entry = chain->certinfo[0]; entry != nullptr; entry = entry->next) {
        const std::string_view text(entry->data);
        if (!text.starts_with(kName)) continue;
        const time_t end = curl_getdate(entry->data + kName.size(), nullptr);
        if (end < 0) return std::nullopt;
        return std::chrono::sys_seconds{std::chrono::seconds{end}};
    }
    return std::nullopt;
}

}  // namespace

bool TimedTransfer::set_up(const TimedRequest& request) {
    easy.reset(curl_easy_init());
    if (!easy) return false;
    kind = request.kind;
    CURL* const handle = easy.get();
    if (!request.name.empty()) {
        const std::string to = fmt::format("::{}:{}", url_host(request.address), request.port);
        if (!append(connect_to, to)) return false;
        curl_easy_setopt(handle, CURLOPT_CONNECT_TO, connect_to.get());
    }
    curl_easy_setopt(handle, CURLOPT_URL, url_of(request).c_str());
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");  // also what the environment says
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(handle, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "kurabe");
    curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.limit.count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.limit.count()));
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error.data());
    curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, is_http(kind) ? 0L : 1L);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, end_at_first_line);
    if (has_tls(kind)) set_up_tls(handle);
    return true;
}

Result<TimedTry> TimedTransfer::outcome(CURLcode code) const {
    TimedTry made{.took = took(easy.get(), kind)};
    if (is_http(kind)) curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &made.status);
    const bool is_at_first_line = code == CURLE_WRITE_ERROR && made.status > 0;
    if (has_tls(kind)) made.certificate_end = certificate_end(easy.get());
    if (code == CURLE_OK || is_at_first_line) return made;
    if (has_tls(kind) && code != CURLE_COULDNT_CONNECT && code != CURLE_OPERATION_TIMEDOUT &&
        time_of(easy.get(), CURLINFO_APPCONNECT_TIME_T) == 0) {
        return fail(
            ErrorCode::kSystem,
            fmt::format("no handshake of TLS: {}",
                        error.front() == '\0' ? curl_easy_strerror(code)
                                              : printable(error.data(), kShownErrorBytesMax)));
    }
    return fail(ErrorCode::kSystem, failure_of(code, easy.get()));
}

}  // namespace kurabe::collectors::fetch
