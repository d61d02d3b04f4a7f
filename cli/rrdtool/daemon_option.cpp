// From option and environment to a connection.
#include "cli/rrdtool/daemon_option.hpp"

#include "cli/rrdtool/series_argument.hpp"

namespace kurabe::cli::rrdtool {

using rrdcached::Daemon;

std::string_view daemon_address(const ParsedArguments& parsed, const Session& session) {
    return parsed.value_or(kDaemonOption.name, session.daemon_address);
}

rrdcached::Place daemon_place(std::string_view address, const Session& session) {
    return {std::string(address), std::optional<std::string>(session.daemon_strip_path)};
}

Result<Daemon*> find_daemon(std::string_view address, Session& session) {
    if (address.empty()) return nullptr;
    return session.daemons.at(daemon_place(address, session),
                              [&session](const rrdcached::NetworkAddress& network) {
                                  return session.whole.look_up(network);
                              });
}

Result<Daemon*> find_daemon_of(std::string_view file, const ParsedArguments& parsed,
                               Session& session) {
    if (session.called_as == CalledAs::kKurabe) {
        const auto place = series_place(parsed);
        if (!place) return std::unexpected(place.error());
        if (is_series(file, *place)) return nullptr;
    }
    return find_daemon(daemon_address(parsed, session), session);
}

Result<void> flush_by_daemon(std::string_view file, const ParsedArguments& parsed,
                             Session& session) {
    const auto daemon = find_daemon_of(file, parsed, session);
    if (!daemon) return std::unexpected(daemon.error());
    return *daemon == nullptr ? Result<void>{} : (*daemon)->flush(file);
}

}  // namespace kurabe::cli::rrdtool
