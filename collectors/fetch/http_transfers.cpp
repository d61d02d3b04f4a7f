// libcurl's multi interface: HTTP only, no redirects, no proxies, no names, nothing kept.
#include "collectors/fetch/http_transfers.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "collectors/fetch/curl_handles.hpp"
#include "collectors/fetch/timed_transfer.hpp"
#include "store/trimmed.hpp"

namespace kurabe::collectors::fetch {
namespace {

constexpr std::size_t kHeadersMax = 100;
constexpr std::size_t kHeaderBytesMax = 8 << 10;
constexpr long kStatusGood = 200;

struct Transfer {
    EasyHandle easy;
    TextList headers;
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

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* target) {
    auto& headers = static_cast<Transfer*>(target)->answer.headers;
    const std::string_view line(bytes, size * count);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.size() > kHeaderBytesMax ||
        headers.size() >= kHeadersMax) {
        return size * count;
    }
    std::string name(store::trimmed(line.substr(0, colon)));
    std::ranges::transform(name, name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    headers.emplace_back(std::move(name), store::trimmed(line.substr(colon + 1)));
    return size * count;
}

TextList headers_of(const HttpGet& request) {
    TextList list;
    for (const std::string& header :
         {"Host: " + request.host, std::string("User-Agent: kurabe"), std::string("Accept: */*")}) {
        if (!append(list, header)) return nullptr;
    }
    return list;
}

void set_up(Transfer& transfer, const HttpGet& request) {
    CURL* const easy = transfer.easy.get();
    const std::string url =
        "http://" + url_host(request.address) + ":" + request.port + request.path;
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
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

Result<Answer> outcome(Transfer& transfer, CURLcode code) {
    if (transfer.is_too_large) {
        return fail(ErrorCode::kLimit,
                    fmt::format("the answer has over {} bytes", kAnswerBytesMax));
    }
    if (code != CURLE_OK) return fail(ErrorCode::kSystem, failure_of(code, transfer.easy.get()));
    long status = 0;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status == kStatusGood) return std::move(transfer.answer);
    return fail(ErrorCode::kInvalid, fmt::format("HTTP status {}", status));
}

}  // namespace

struct HttpTransfers::Parts {
    // Those under way outlive the multi handle, which they are taken off from before it ends.
    std::map<Id, std::unique_ptr<Transfer>> transfers;
    std::map<Id, std::unique_ptr<TimedTransfer>> timed;
    MultiHandle multi;
    Id last = 0;
    std::vector<curl_waitfd> waiting;

    [[nodiscard]] Result<Id> add(CURL* easy) {
        if (curl_multi_add_handle(multi.get(), easy) != CURLM_OK) {
            return fail(ErrorCode::kSystem, "cannot begin an HTTP request");
        }
        return ++last;
    }
    // Takes one off, if it is in `map`.
    template <typename Map>
    bool remove(Map& map, Id id) {
        const auto found = map.find(id);
        if (found == map.end()) return false;
        curl_multi_remove_handle(multi.get(), found->second->easy.get());
        map.erase(found);
        return true;
    }
    template <typename Map>
    [[nodiscard]] static auto find(Map& map, const CURL* easy) {
        return std::ranges::find_if(
            map, [easy](const auto& entry) { return entry.second->easy.get() == easy; });
    }
    [[nodiscard]] std::optional<Finished> finish(CURL* easy, CURLcode code);
};

HttpTransfers::HttpTransfers(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

HttpTransfers::~HttpTransfers() {
    while (!parts_->transfers.empty()) give_up(parts_->transfers.begin()->first);
    while (!parts_->timed.empty()) give_up(parts_->timed.begin()->first);
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
    auto id = parts_->add(transfer->easy.get());
    if (id) parts_->transfers.emplace(*id, std::move(transfer));
    return id;
}

Result<HttpTransfers::Id> HttpTransfers::begin(const TimedRequest& request) {
    auto transfer = std::make_unique<TimedTransfer>();
    if (!transfer->set_up(request)) {
        return fail(ErrorCode::kSystem, "cannot set up a connection");
    }
    auto id = parts_->add(transfer->easy.get());
    if (id) parts_->timed.emplace(*id, std::move(transfer));
    return id;
}

void HttpTransfers::give_up(Id id) {
    if (!parts_->remove(parts_->transfers, id)) parts_->remove(parts_->timed, id);
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

std::optional<HttpTransfers::Finished> HttpTransfers::Parts::finish(CURL* easy, CURLcode code) {
    double connected = 0;
    curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME, &connected);
    if (const auto found = find(transfers, easy); found != transfers.end()) {
        return Finished{found->first, outcome(*found->second, code), connected > 0};
    }
    const auto found = find(timed, easy);
    if (found == timed.end()) return std::nullopt;
    Finished finished{found->first, Answer{}, connected > 0};
    if (auto made = found->second->outcome(code)) {
        finished.timed = *made;
    } else {
        finished.answer = std::unexpected(made.error());
    }
    return finished;
}

std::vector<HttpTransfers::Finished> HttpTransfers::advance() {
    std::vector<Finished> finished;
    int running = 0;
    curl_multi_perform(parts_->multi.get(), &running);
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(parts_->multi.get(), &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        auto one = parts_->finish(message->easy_handle, message->data.result);
        if (!one) continue;
        finished.push_back(*std::move(one));
        give_up(finished.back().id);
    }
    return finished;
}

}  // namespace kurabe::collectors::fetch
