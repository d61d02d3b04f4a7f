// rrdcached: RRDtool's daemon, which holds updates of files back and writes them together. A
// connection to one, request by request.
// Rule: rrdcached(1), "PROTOCOL"; which names it is told: file_name.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/rrdcached/connection.hpp"
#include "cli/rrdcached/fetch_reply.hpp"
#include "cli/rrdcached/request.hpp"
#include "store/at_time.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdcached {

// Which daemon.
struct Place {
    std::string address;
    // What names begin with on this side and not on the other side of a network.
    std::optional<std::string> strip_path = {};

    bool operator==(const Place&) const = default;
};

// Looks up names of hosts and services.
using LookUp = std::function<Result<std::vector<SocketAddress>>(const NetworkAddress&)>;

// Files are named as the user names them. Errors are one line that says which daemon they come
// from: kNotFound for what the daemon refuses (most often there is no such file), kInvalid and
// kLimit for what is no request or no reply, kSystem when it does not answer.
class Daemon {
  public:
    [[nodiscard]] static Result<Daemon> connect(Place place, const LookUp& look_up,
                                                const Patience& patience = {});

    [[nodiscard]] const Place& place() const noexcept { return place_; }
    // Whether more can be asked.
    [[nodiscard]] bool is_usable() const noexcept { return connection_.is_usable(); }

    // Readings "TIME:VALUE...", TIME in seconds since 1970.
    [[nodiscard]] Result<void> update(std::string_view file, std::span<const std::string> readings);
    // The words of `create` after the file's name: options -b, -s, -O, -r and -t, then DS and RRAs.
    [[nodiscard]] Result<void> create(std::string_view file, std::span<const std::string> words);
    // Until what is held back of the file is written.
    [[nodiscard]] Result<void> flush(std::string_view file);
    // Has all files written; does not wait for it.
    [[nodiscard]] Result<void> flush_all();
    // What is held back of the file is lost.
    [[nodiscard]] Result<void> forget(std::string_view file);

    // When the oldest row of an RRA ends, and when the file was updated last, in seconds.
    [[nodiscard]] Result<std::int64_t> first(std::string_view file, std::size_t rra);
    [[nodiscard]] Result<std::int64_t> last(std::string_view file);
    // The lines that `info` prints.
    [[nodiscard]] Result<std::string> info(std::string_view file);
    // The finest rows there are.
    [[nodiscard]] Result<NamedRows> fetch(std::string_view file, std::string_view cf,
                                          const store::TimeRange& range);
    // The lines that `list` prints. `path` begins at the daemon's directory, with a slash.
    [[nodiscard]] Result<std::string> list(std::string_view path, bool is_recursive);

  private:
    Daemon(Place place, bool is_remote, Connection connection)
        : place_(std::move(place)), is_remote_(is_remote), connection_(std::move(connection)) {}

    // A request whose first word is the file's name.
    [[nodiscard]] Result<Request> request_about(std::string_view command, std::string_view file,
                                                std::span<const std::string> words = {}) const;
    // `message` behind the daemon's name.
    [[nodiscard]] std::unexpected<Error> failure(ErrorCode code, std::string_view message) const;
    // These give back the error of a request that could not be made.
    [[nodiscard]] Result<ReplyHead> ask(const Result<Request>& request);
    // For a reply without further lines.
    [[nodiscard]] Result<void> tell(const Result<Request>& request);
    [[nodiscard]] Result<std::int64_t> ask_time(const Result<Request>& request);

    Place place_;
    bool is_remote_;
    Connection connection_;
};

}  // namespace kurabe::cli::rrdcached
