// Runs the parts of a collection one after the other; what fails becomes a warning.
#include "collectors/local.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/statvfs.h>

#include "collectors/local_parts.hpp"

namespace kurabe::collectors {
namespace {

struct Part {
    std::string_view name;  // Kurado's, which its pages show in warnings
    Result<void> (*collect)(const LocalCollection&);
};

constexpr std::array kParts = {
    Part{"memory", collect_memory},         Part{"loadavg", collect_loadavg},
    Part{"uptime", collect_uptime},         Part{"sys_version", collect_version},
    Part{"processors", collect_processors}, Part{"cpu_usage", collect_cpu},
    Part{"tcp_established", collect_tcp},   Part{"disk_usage", collect_disk_usage},
    Part{"disk_io", collect_disk_io},       Part{"swaps", collect_swaps},
    Part{"traffic", collect_traffic},
};

}  // namespace

Result<FileSystemUse> ask_kernel(const std::filesystem::path& directory) {
    struct statvfs status{};
    while (::statvfs(directory.c_str(), &status) != 0) {
        if (errno == EINTR) continue;
        return fail(ErrorCode::kSystem,
                    fmt::format("cannot ask for the use of {}: {}", directory.string(),
                                std::generic_category().message(errno)));
    }
    return FileSystemUse{.block_bytes = status.f_frsize,
                         .blocks = status.f_blocks,
                         .free_blocks = status.f_bfree,
                         .available_blocks = status.f_bavail};
}

Report collect_local(const std::filesystem::path& root, std::string_view host, store::Time now,
                     const AskFileSystem& ask) {
    const HostDirectory files(root);
    const AskFileSystem ask_below = [&](const std::filesystem::path& directory) {
        return ask(files.locate(directory.native()));
    };
    return collect_base(files, ask_below, host, now);
}

Report collect_base(const HostFiles& files, const AskFileSystem& ask, std::string_view host,
                    store::Time now) {
    ReportBuilder report(host, "base", now);
    const LocalCollection local{.files = files, .ask = ask, .report = report};
    for (const Part& part : kParts) {
        if (const Result<void> outcome = part.collect(local); !outcome) {
            report.warn(part.name, outcome.error().message);
        }
    }
    return report.take();
}

std::unexpected<Error> malformed(std::string_view path, std::string_view problem) {
    return fail(ErrorCode::kInvalid, fmt::format("{}: {}", path, problem));
}

void report_devices(ReportBuilder& report, std::string key, const std::vector<std::string>& names) {
    if (!names.empty()) report.meta(std::move(key), fmt::format("{}", fmt::join(names, ",")));
}

}  // namespace kurabe::collectors
