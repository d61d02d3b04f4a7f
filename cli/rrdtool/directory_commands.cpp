// System calls with rrdtool's messages.
#include "cli/rrdtool/directory_commands.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include <dirent.h>
#include <fmt/format.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kurabe::cli::rrdtool {
namespace {

std::unexpected<Error> system_failure(std::string_view what) {
    return fail(ErrorCode::kSystem,
                fmt::format("{} {}", what, std::system_category().message(errno)));
}

bool is_named_as_file(std::string_view name) noexcept {
    constexpr std::size_t kSuffixBytes = 4;
    return name.size() > kSuffixBytes && (name.ends_with(".rrd") || name.ends_with(".RRD"));
}

// With "." and "..", in the directory's own order.
Result<void> list_here(Session& session) {
    const std::unique_ptr<DIR, decltype([](DIR* open) { ::closedir(open); })> here(::opendir("."));
    if (!here) return system_failure("opendir .");
    while (const dirent* const entry = ::readdir(here.get())) {
        const std::string_view name = entry->d_name;
        struct stat status{};
        if (::stat(entry->d_name, &status) != 0) continue;
        if (S_ISDIR(status.st_mode)) session.out.write(fmt::format("d {}\n", name));
        if (S_ISREG(status.st_mode) && is_named_as_file(name)) {
            session.out.write(fmt::format("- {}\n", name));
        }
    }
    return {};
}

Result<void> make_directory(const std::string& directory) {
    constexpr mode_t kAsTheMaskAllows = 0777;
    if (::mkdir(directory.c_str(), kAsTheMaskAllows) == 0) return {};
    return system_failure(fmt::format("mkdir {}:", directory));
}

Result<void> print_directory(Session& session) {
    std::array<char, PATH_MAX> path{};
    if (::getcwd(path.data(), path.size()) == nullptr) return system_failure("getcwd");
    session.out.write(fmt::format("{}\n", path.data()));
    return {};
}

struct DirectoryCommand {
    std::string_view name;
    std::size_t arguments;
};
constexpr std::array<DirectoryCommand, 4> kDirectoryCommands{
    {{"cd", 1}, {"ls", 0}, {"mkdir", 1}, {"pwd", 0}}};

const DirectoryCommand* find(std::string_view name) noexcept {
    const auto found = std::ranges::find(kDirectoryCommands, name, &DirectoryCommand::name);
    return found == kDirectoryCommands.end() ? nullptr : &*found;
}

}  // namespace

bool is_directory_command(std::string_view name) noexcept {
    return find(name) != nullptr;
}

Result<void> run_directory_command(Words words, Session& session) {
    const DirectoryCommand& command = *find(words.front());
    if (words.size() - 1 != command.arguments) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("invalid parameter count for {}", command.name));
    }
    if (command.name == "cd") return change_directory(words[1]);
    if (command.name == "mkdir") return make_directory(words[1]);
    if (command.name == "pwd") return print_directory(session);
    return list_here(session);
}

Result<void> change_directory(const std::string& directory) {
    if (::chdir(directory.c_str()) == 0) return {};
    return system_failure(fmt::format("chdir {}", directory));
}

}  // namespace kurabe::cli::rrdtool
