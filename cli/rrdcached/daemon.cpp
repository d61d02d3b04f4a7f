// Each command as a request, and what its reply means.
#include "cli/rrdcached/daemon.hpp"

#include <array>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "cli/rrdcached/address.hpp"
#include "cli/rrdcached/file_name.hpp"
#include "cli/rrdcached/info_reply.hpp"
#include "store/integer.hpp"

namespace kurabe::cli::rrdcached {
namespace {

Result<std::vector<SocketAddress>> socket_addresses(const Address& address, const LookUp& look_up) {
    if (const auto* const path = std::get_if<UnixAddress>(&address)) {
        auto known = socket_address(*path);
        if (!known) return std::unexpected(known.error());
        return std::vector{std::move(*known)};
    }
    const auto& network = std::get<NetworkAddress>(address);
    if (auto known = socket_address(network)) return std::vector{std::move(*known)};
    return look_up(network);
}

Result<Connection> open(const Result<Address>& address, const LookUp& look_up,
                        const Patience& patience) {
    if (!address) return std::unexpected(address.error());
    const auto addresses = socket_addresses(*address, look_up);
    if (!addresses) return std::unexpected(addresses.error());
    return Connection::open(*addresses, patience);
}

std::string seconds_of(store::Time time) {
    return std::to_string(time.time_since_epoch().count());
}

}  // namespace

Result<Daemon> Daemon::connect(Place place, const LookUp& look_up, const Patience& patience) {
    const auto address = parse_address(place.address);
    auto connection = open(address, look_up, patience);
    if (!connection) {
        const Error& error = connection.error();
        return fail(error.code, "Unable to connect to rrdcached: " + error.message);
    }
    const bool is_remote = std::holds_alternative<NetworkAddress>(*address);
    return Daemon(std::move(place), is_remote, std::move(*connection));
}

std::unexpected<Error> Daemon::failure(ErrorCode code, std::string_view message) const {
    return fail(code, fmt::format("rrdcached@{}: {}", place_.address, message));
}

Result<Request> Daemon::request_about(std::string_view command, std::string_view file,
                                      std::span<const std::string> words) const {
    const auto name =
        is_remote_ ? name_over_network(file, place_.strip_path) : name_on_this_machine(file);
    if (!name) return std::unexpected(name.error());
    Request request(command);
    request.add(*name);
    for (const std::string& word : words) request.add(word);
    return request;
}

Result<ReplyHead> Daemon::ask(const Result<Request>& request) {
    if (!request) return std::unexpected(request.error());
    const auto line = request->line();
    if (!line) return std::unexpected(line.error());
    auto head = connection_.ask(*line);
    if (!head) return failure(head.error().code, head.error().message);
    if (head->lines < 0) return failure(ErrorCode::kNotFound, head->message);
    return head;
}

Result<void> Daemon::tell(const Result<Request>& request) {
    const auto head = ask(request);
    if (!head) return std::unexpected(head.error());
    if (head->lines == 0) return {};
    return failure(ErrorCode::kInvalid, "a reply of one line expected");
}

Result<std::int64_t> Daemon::ask_time(const Result<Request>& request) {
    const auto head = ask(request);
    if (!head) return std::unexpected(head.error());
    const auto time = store::whole_integer<std::int64_t>(head->message);
    if (head->lines == 0 && time) return *time;
    return failure(ErrorCode::kInvalid, fmt::format("'{}' is no time", head->message));
}

Result<void> Daemon::update(std::string_view file, std::span<const std::string> readings) {
    return tell(request_about("UPDATE", file, readings));
}

Result<void> Daemon::create(std::string_view file, std::span<const std::string> words) {
    return tell(request_about("CREATE", file, words));
}

Result<void> Daemon::flush(std::string_view file) {
    return tell(request_about("FLUSH", file));
}

Result<void> Daemon::flush_all() {
    return tell(Request("FLUSHALL"));
}

Result<void> Daemon::forget(std::string_view file) {
    return tell(request_about("FORGET", file));
}

Result<std::int64_t> Daemon::first(std::string_view file, std::size_t rra) {
    return ask_time(request_about("FIRST", file, std::array{std::to_string(rra)}));
}

Result<std::int64_t> Daemon::last(std::string_view file) {
    return ask_time(request_about("LAST", file));
}

Result<std::string> Daemon::info(std::string_view file) {
    const auto head = ask(request_about("INFO", file));
    if (!head) return std::unexpected(head.error());
    auto text = read_info_reply(connection_, head->lines);
    if (!text) return failure(text.error().code, text.error().message);
    return text;
}

Result<NamedRows> Daemon::fetch(std::string_view file, std::string_view cf,
                                const store::TimeRange& range) {
    const std::array words = {std::string(cf), seconds_of(range.start), seconds_of(range.end)};
    const auto head = ask(request_about("FETCH", file, words));
    if (!head) return std::unexpected(head.error());
    auto rows = read_fetch_reply(connection_, head->lines);
    if (!rows) return failure(rows.error().code, rows.error().message);
    return rows;
}

Result<std::string> Daemon::list(std::string_view path, bool is_recursive) {
    Request request("LIST");
    if (is_recursive) request.add("RECURSIVE");
    request.add(path);
    const auto head = ask(request);
    if (!head) return std::unexpected(head.error());
    std::string text;
    for (std::int64_t i = 0; i < head->lines; ++i) {
        const auto line = connection_.next_line();
        if (!line) return failure(line.error().code, line.error().message);
        text += *line;
        text += '\n';
    }
    return text;
}

}  // namespace kurabe::cli::rrdcached
