// c-ares, one channel for each question. On Linux it needs no set-up of the whole library.
#include "collectors/fetch/dns_query.hpp"

#include <array>
#include <string>

#include <ares.h>
#include <arpa/nameser.h>
#include <fmt/format.h>
#include <netinet/in.h>

namespace kurabe::collectors::fetch {
namespace {

using Clock = std::chrono::steady_clock;

// c-ares' own limit never decides; the probe's does, which gives the query up.
constexpr int kOwnLimitMilliseconds = 60'000;

struct CloseChannel {
    void operator()(ares_channel channel) const noexcept { ares_destroy(channel); }
};
using Channel = std::unique_ptr<ares_channeldata, CloseChannel>;

// All that c-ares would read from files and the environment is given.
Channel open_channel() {
    std::string lookups = "b";
    std::string no_file = "/dev/null";
    in_addr nowhere{};
    ares_options options{};
    options.flags =
        ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC;
    options.timeout = kOwnLimitMilliseconds;
    options.tries = 1;
    options.ndots = 1;
    options.servers = &nowhere;  // until the server is set
    options.nservers = 1;
    options.lookups = lookups.data();
    options.resolvconf_path = no_file.data();
    constexpr int kGiven = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
                           ARES_OPT_SERVERS | ARES_OPT_DOMAINS | ARES_OPT_LOOKUPS |
                           ARES_OPT_SORTLIST | ARES_OPT_RESOLVCONF | ARES_OPT_NOROTATE;
    ares_channel channel = nullptr;
    if (ares_init_options(&channel, &options, kGiven) != ARES_SUCCESS) return nullptr;
    return Channel(channel);
}

std::string reason_of(int status) {
    switch (status) {
        case ARES_ENOTFOUND:
            return "the server answers NXDOMAIN: there is no such name";
        case ARES_ESERVFAIL:
            return "the server answers SERVFAIL";
        case ARES_EREFUSED:
            return "the server answers REFUSED";
        case ARES_ENOTIMP:
            return "the server answers NOTIMP";
        case ARES_EFORMERR:
            return "the server answers FORMERR";
        case ARES_ECONNREFUSED:
            return "cannot ask: Connection refused";
        default:
            return fmt::format("no answer of DNS: {}", ares_strerror(status));
    }
}

}  // namespace

struct DnsQuery::Parts {
    Channel channel;
    Clock::time_point begun;
    std::optional<int> status;  // once it has ended
    Clock::time_point ended;

    static void end(void* target, int status, int, unsigned char*, int) {
        auto& parts = *static_cast<Parts*>(target);
        parts.ended = Clock::now();
        parts.status = status;
    }
};

DnsQuery::DnsQuery(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

DnsQuery::~DnsQuery() = default;

Result<std::unique_ptr<DnsQuery>> DnsQuery::send(const TimedRequest& request) {
    auto parts = std::make_unique<Parts>();
    parts->channel = open_channel();
    if (!parts->channel) return fail(ErrorCode::kSystem, "cannot set up a question to DNS");
    const bool is_v6 = request.address.find(':') != std::string::npos;
    const std::string server =
        fmt::format("{}{}{}:{}", is_v6 ? "[" : "", request.address, is_v6 ? "]" : "", request.port);
    if (ares_set_servers_ports_csv(parts->channel.get(), server.c_str()) != ARES_SUCCESS) {
        return fail(ErrorCode::kSystem, fmt::format("cannot ask '{}'", request.address));
    }
    parts->begun = Clock::now();
    ares_query(parts->channel.get(), request.name.c_str(), ns_c_in, ns_t_a, Parts::end,
               parts.get());
    return std::unique_ptr<DnsQuery>(new DnsQuery(std::move(parts)));
}

std::optional<Result<TimedTry>> DnsQuery::advance() {
    if (!parts_->status) {
        const int readable = descriptor();
        ares_process_fd(parts_->channel.get(), readable < 0 ? ARES_SOCKET_BAD : readable,
                        ARES_SOCKET_BAD);
    }
    if (!parts_->status) return std::nullopt;
    // No data: the name has records, but no address.
    if (*parts_->status != ARES_SUCCESS && *parts_->status != ARES_ENODATA) {
        return fail(ErrorCode::kSystem, reason_of(*parts_->status));
    }
    return TimedTry{.took = std::chrono::duration_cast<std::chrono::microseconds>(parts_->ended -
                                                                                  parts_->begun)};
}

int DnsQuery::descriptor() const noexcept {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const int ready = ares_getsock(parts_->channel.get(), sockets.data(), ARES_GETSOCK_MAXNUM);
    return ARES_GETSOCK_READABLE(static_cast<unsigned>(ready), 0) != 0 ? sockets[0] : -1;
}

}  // namespace kurabe::collectors::fetch
