// `list DIRECTORY|FILE`: names of .rrd files and of directories.
// Rule: rrdlist(1); what counts as a file is measured on rrdtool 1.7.2.
#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/option_parser.hpp"

namespace kurabe::cli::rrdtool {
namespace {

namespace fs = std::filesystem;

constexpr std::array kListOptions{
    OptionSpec{'r', "recursive", false},
    OptionSpec{'F', "noflush", false},
    kDaemonOption,
};

std::unexpected<Error> opening_failed(const fs::path& path, const std::error_code& error) {
    return fail(
        error == std::errc::no_such_file_or_directory ? ErrorCode::kNotFound : ErrorCode::kSystem,
        fmt::format("opening '{}': {}", path.native(), error.message()));
}

// Which directory it is, whatever its name.
using Identity = std::pair<dev_t, ino_t>;

Result<Identity> identity_of(const fs::path& directory) {
    struct stat status{};
    if (::stat(directory.c_str(), &status) == 0) return Identity{status.st_dev, status.st_ino};
    return opening_failed(directory, {errno, std::system_category()});
}

class Listing {
  public:
    Listing(bool is_recursive, Session& session) noexcept
        : is_recursive_(is_recursive), session_(session) {}

    // `prefix` goes before the names. The system limits the depth: it opens no path longer than
    // PATH_MAX.
    Result<void> list(const fs::path& directory, const std::string& prefix) {
        const auto identity = identity_of(directory);
        if (!identity) return std::unexpected(identity.error());
        // A link to a directory around this one would never end.
        if (std::ranges::find(around_, *identity) != around_.end()) return {};
        const auto entries = entries_of(directory);
        if (!entries) return std::unexpected(entries.error());
        around_.push_back(*identity);
        for (const fs::directory_entry& entry : *entries) list_entry(entry, prefix);
        around_.pop_back();
        return {};
    }

  private:
    // In the directory's own order, as rrdtool has them, or by name.
    [[nodiscard]] Result<std::vector<fs::directory_entry>> entries_of(
        const fs::path& directory) const {
        std::error_code error;
        std::vector<fs::directory_entry> entries;
        for (fs::directory_iterator at(directory, error), end; !error && at != end;
             at.increment(error)) {
            entries.push_back(*at);
        }
        if (error) return opening_failed(directory, error);
        if (session_.called_as == CalledAs::kKurabe) std::ranges::sort(entries);
        return entries;
    }

    // What vanished meanwhile, links to nothing and directories that cannot be read are passed
    // over.
    void list_entry(const fs::directory_entry& entry, const std::string& prefix) {
        std::error_code error;
        const fs::file_status status = entry.status(error);
        if (error || !fs::exists(status)) return;
        const std::string name = prefix + entry.path().filename().native();
        if (fs::is_directory(status)) {
            if (is_recursive_) {
                (void)list(entry.path(), name + "/");
                return;
            }
        } else if (!name.ends_with(".rrd")) {
            return;
        }
        session_.out.write(name + "\n");
    }

    bool is_recursive_;
    Session& session_;
    std::vector<Identity> around_;
};

// Directories and files as the daemon sees them.
Result<void> list_by_daemon(const ParsedArguments& parsed, rrdcached::Daemon& daemon, Output& out) {
    if (!parsed.has("noflush")) {
        if (auto flushed = daemon.flush_all(); !flushed) return flushed;
    }
    const auto names = daemon.list(parsed.operands.front(), parsed.has("recursive"));
    if (!names) return std::unexpected(names.error());
    out.write(*names);
    return {};
}

}  // namespace

Result<void> run_list(Words arguments, Session& session) {
    const auto parsed = parse_options(arguments, kListOptions);
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->operands.size() != 1) {
        return fail(ErrorCode::kInvalid,
                    "Usage: rrdtool list [--daemon <addr> [--noflush]] [--recursive] <directory>");
    }
    const auto daemon = find_daemon(daemon_address(*parsed, session), session);
    if (!daemon) return std::unexpected(daemon.error());
    if (*daemon != nullptr) return list_by_daemon(*parsed, **daemon, session.out);
    const fs::path path = parsed->operands.front();
    std::error_code error;
    if (path.native().ends_with(".rrd") && fs::is_regular_file(path, error)) {
        session.out.write(path.filename().native() + "\n");
        return {};
    }
    return Listing(parsed->has("recursive"), session).list(path, "");
}

}  // namespace kurabe::cli::rrdtool
