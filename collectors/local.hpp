// A machine's base metrics from its /proc and /sys: of this one, without starting a process, or of
// another whose files are at hand.
// Gives exactly the names, types, units and filters of Kurado's `base` plugin, so that a host looks
// the same however it is watched.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "collectors/host_files.hpp"
#include "collectors/report.hpp"

namespace kurabe::collectors {

// What statvfs(3) says of one file system, counted in blocks of `block_bytes`.
struct FileSystemUse {
    std::uint64_t block_bytes;
    std::uint64_t blocks;
    std::uint64_t free_blocks;       // for root
    std::uint64_t available_blocks;  // for everybody else
};

// How the use of the file system mounted at a directory is asked for.
using AskFileSystem = std::function<Result<FileSystemUse>(const std::filesystem::path& directory)>;

// Asks the kernel. May block as long as the file system does.
[[nodiscard]] Result<FileSystemUse> ask_kernel(const std::filesystem::path& directory);

// `root` is "/" or a tree with a proc/ and sys/ of its own (a container's view of its machine,
// tests); mount points are looked up below it too. `host` names the host in the report, and `now`
// is the time of all samples. A part that cannot be read becomes a warning under Kurado's name of
// that part, never an error; what else it holds is still reported.
[[nodiscard]] Report collect_local(const std::filesystem::path& root, std::string_view host,
                                   store::Time now, const AskFileSystem& ask = ask_kernel);

// The same of any host: what `files` gives, and `ask`, which is given directories as the host names
// them. Neither is trusted: what they give may come from outside.
[[nodiscard]] Report collect_base(const HostFiles& files, const AskFileSystem& ask,
                                  std::string_view host, store::Time now);

}  // namespace kurabe::collectors
