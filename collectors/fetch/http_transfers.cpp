// libcurl's multi interface: HTTP only, no redirects, no proxies, no names, nothing kept.
#include "collectors/fetch/http_transfers.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

namespace kurabe::collectors::fetch {
namespace {

constexpr std::size_t kHeadersMax = 100;
constexpr std::size_t kHeaderBytesMax = 8 << 10;
constexpr long kStatusGood = 200;

struct CloseEasy {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct CloseMulti {
    void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
};
struct FreeList {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

struct Transfer {
    std::unique_ptr<CURL, CloseEasy> easy;
    std::unique_ptr<curl_slist, FreeList> headers;
    Answer answer;
    bool is_too_large = false;
};

// Zero and less than `count` tell libcurl to give up.
std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* target) {
    auto& transfer = *static_cast<Transfer*>(target);
    transfer.is_too_large = transfer.answer.text.size() + size * count > kAnswerBytesMax;
    if (transfer.is_too_large) return 0;
    transfer.answer.text.append(bytes, size * count);
    return size * count;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* target) {
    auto& headers = static_cast<Transfer*>(target)->answer.headers;
    const std::string_view line(bytes, size * count);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.size() > kHeaderBytesMax ||
        headers.size() >= kHeadersMax) {
        return size * count;
    }
    std::string name(trimmed(line.substr(0, colon)));
    std::ranges::transform(name, name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    headers.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
    return size * count;
}

// An address of version 6 stands in brackets, and the '%' of its zone is written in another way.
std::string url_of(const HttpGet& request) {
    std::string host = request.address;
    if (host.find(':') != std::string::npos) {
        if (const std::size_t zone = host.find('%'); zone != std::string::npos) {
            host.insert(zone + 1, "25");
        }
        host = "[" + host + "]";
    }
    return "http://" + host + ":" + request.port + request.path;
}

std::unique_ptr<curl_slist, FreeList> headers_of(const HttpGet& request) {
    std::unique_ptr<curl_slist, FreeList> list;
    for (const std::string& header :
         {"Host: " + request.host, std::string("User-Agent: kurabe"), std::string("Accept: */*")}) {
        curl_slist* const longer = curl_slist_append(list.get(), header.c_str());
        if (longer == nullptr) return nullptr;
        (void)list.release();
        list.reset(longer);
    }
    return list;
}

void set_up(Transfer& transfer, const HttpGet& request) {
    CURL* const easy = transfer.easy.get();
    curl_easy_setopt(easy, CURLOPT_URL, url_of(request).c_str());
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    if (!request.target.empty()) {
        curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, request.target.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");  // also what the environment says
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    // What stays open would be found by another host's request to the same address.
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(request.connect_limit.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.limit.count()));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
}

std::string reason_of(CURLcode code, CURL* easy) {
    long error = 0;
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
    if (code == CURLE_COULDNT_CONNECT && error != 0) {
        return fmt::format("cannot connect: {}",
                           std::generic_category().message(static_cast<int>(error)));
    }
    if (code == CURLE_OPERATION_TIMEDOUT) return "no answer in time";
    return fmt::format("no answer of HTTP: {}", curl_easy_strerror(code));
}

Result<Answer> outcome(Transfer& transfer, CURLcode code) {
    if (transfer.is_too_large) {
        return fail(ErrorCode::kLimit,
                    fmt::format("the answer has over {} bytes", kAnswerBytesMax));
    }
    if (code != CURLE_OK) return fail(ErrorCode::kSystem, reason_of(code, transfer.easy.get()));
    long status = 0;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status == kStatusGood) return std::move(transfer.answer);
    return fail(ErrorCode::kInvalid, fmt::format("HTTP status {}", status));
}

}  // namespace

struct HttpTransfers::Parts {
    // Those under way outlive the multi handle, which they are taken off from before it ends.
    std::map<Id, std::unique_ptr<Transfer>> transfers;
    std::unique_ptr<CURLM, CloseMulti> multi;
    Id last = 0;
    std::vector<curl_waitfd> waiting;
};

HttpTransfers::HttpTransfers(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

HttpTransfers::~HttpTransfers() {
    for (const auto& [id, transfer] : parts_->transfers) {
        curl_multi_remove_handle(parts_->multi.get(), transfer->easy.get());
    }
}

Result<std::unique_ptr<HttpTransfers>> HttpTransfers::create() {
    auto parts = std::make_unique<Parts>();
    parts->multi.reset(curl_multi_init());
    if (!parts->multi) return fail(ErrorCode::kSystem, "cannot set up HTTP requests");
    return std::unique_ptr<HttpTransfers>(new HttpTransfers(std::move(parts)));
}

Result<HttpTransfers::Id> HttpTransfers::begin(const HttpGet& request) {
    auto transfer = std::make_unique<Transfer>();
    transfer->easy.reset(curl_easy_init());
    transfer->headers = headers_of(request);
    if (!transfer->easy || !transfer->headers) {
        return fail(ErrorCode::kSystem, "cannot set up an HTTP request");
    }
    set_up(*transfer, request);
    if (curl_multi_add_handle(parts_->multi.get(), transfer->easy.get()) != CURLM_OK) {
        return fail(ErrorCode::kSystem, "cannot begin an HTTP request");
    }
    const Id id = ++parts_->last;
    parts_->transfers.emplace(id, std::move(transfer));
    return id;
}

void HttpTransfers::give_up(Id id) {
    const auto found = parts_->transfers.find(id);
    if (found == parts_->transfers.end()) return;
    curl_multi_remove_handle(parts_->multi.get(), found->second->easy.get());
    parts_->transfers.erase(found);
}

void HttpTransfers::wait(std::span<pollfd> more, std::chrono::milliseconds longest) {
    static_assert(CURL_WAIT_POLLIN == POLLIN && CURL_WAIT_POLLOUT == POLLOUT);
    parts_->waiting.clear();
    for (const pollfd& descriptor : more) {
        parts_->waiting.push_back({descriptor.fd, descriptor.events, 0});
    }
    curl_multi_poll(parts_->multi.get(), parts_->waiting.data(),
                    static_cast<unsigned>(parts_->waiting.size()),
                    static_cast<int>(std::max<std::int64_t>(longest.count(), 0)), nullptr);
    for (std::size_t i = 0; i < more.size(); ++i) more[i].revents = parts_->waiting[i].revents;
}

std::vector<HttpTransfers::Finished> HttpTransfers::advance() {
    std::vector<Finished> finished;
    int running = 0;
    curl_multi_perform(parts_->multi.get(), &running);
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(parts_->multi.get(), &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode code = message->data.result;
        const auto found = std::ranges::find_if(parts_->transfers, [message](const auto& entry) {
            return entry.second->easy.get() == message->easy_handle;
        });
        if (found == parts_->transfers.end()) continue;
        Transfer& transfer = *found->second;
        double connected = 0;
        curl_easy_getinfo(transfer.easy.get(), CURLINFO_CONNECT_TIME, &connected);
        finished.push_back({found->first, outcome(transfer, code), connected > 0});
        give_up(finished.back().id);
    }
    return finished;
}

}  // namespace kurabe::collectors::fetch
