// The table of parts, and what every part uses.
#include "collectors/local.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "collectors/local_parts.hpp"

namespace kurabe::collectors {

namespace {

struct Part {
    std::string_view name;  // Kurado's name of the collector, the key of its warning
    Result<void> (*collect)(const KernelFiles& files, BaseReport& report);
};

constexpr std::array kParts = {
    Part{"memory", collect_memory},
    Part{"loadavg", collect_load_average},
    Part{"uptime", collect_uptime},
    Part{"sys_version", collect_version},
    Part{"processors", collect_processors},
    Part{"cpu_usage", collect_cpu},
    Part{"tcp_established", collect_established},
    Part{"disk_io", collect_disk_io},
    Part{"swaps", collect_swaps},
    Part{"traffic", collect_traffic},
};

Result<std::string> read_descriptor(int descriptor, const std::string& name) {
    std::string text;
    std::array<char, 16384> buffer;
    while (true) {
        const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return fail(ErrorCode::kSystem, "cannot read " + name + ": " + std::strerror(errno));
        }
        if (count == 0) {
            return text;
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
        if (text.size() > kKernelFileBytesMax) {
            return fail(ErrorCode::kLimit, name + " is too long");
        }
    }
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t begin = text.find_first_not_of(separators);
        if (begin == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(begin);
        const std::size_t end = std::min(text.find_first_of(separators), text.size());
        parts.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

}  // namespace

KernelFiles::KernelFiles(std::filesystem::path root) : root_(std::move(root)) {}

Result<std::string> KernelFiles::read(std::string_view path) const {
    const std::string name = (root_ / path).string();
    const int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return fail(ErrorCode::kSystem, "cannot open " + name + ": " + std::strerror(errno));
    }
    auto text = read_descriptor(descriptor, name);
    ::close(descriptor);
    return text;
}

Result<std::vector<std::string>> KernelFiles::list(std::string_view path) const {
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator entry(root_ / path, error);
    for (; !error && entry != std::filesystem::directory_iterator{}; entry.increment(error)) {
        names.push_back(entry->path().filename().string());
    }
    if (error) {
        return fail(ErrorCode::kSystem,
                    "cannot list " + (root_ / path).string() + ": " + error.message());
    }
    std::ranges::sort(names);
    return names;
}

BaseReport::BaseReport(Report& report) : report_(report) {}

void BaseReport::gauge(std::string_view name, double value) {
    add(std::string(name) + ".gauge", store::RawValue::of(value));
}

void BaseReport::derive(std::string_view name, std::uint64_t value) {
    add(std::string(name) + ".derive", store::RawValue::of_integer(value));
}

void BaseReport::meta(std::string_view key, std::string value) {
    report_.meta.push_back({"base", std::string(key), std::move(value)});
}

void BaseReport::warning(std::string_view key, std::string text) {
    report_.warnings.push_back({"base", std::string(key), std::move(text)});
}

void BaseReport::add(std::string key, store::RawValue value) {
    report_.batch.samples.push_back({"base", std::move(key), value, report_.time});
}

std::vector<std::string_view> lines_of(std::string_view text) {
    return split(text, "\n");
}

std::vector<std::string_view> fields_of(std::string_view line) {
    auto fields = split(line, " \t");
    if (fields.empty()) {
        fields.emplace_back();
    }
    return fields;
}

Result<std::uint64_t> count_of(std::string_view digits) {
    std::uint64_t count = 0;
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, count);
    if (error != std::errc{} || rest != end) {
        return fail(ErrorCode::kInvalid, "'" + std::string(digits.substr(0, 40)) + "' is no count");
    }
    return count;
}

Result<std::uint64_t> count_at(const std::vector<std::string_view>& fields, std::size_t index) {
    if (index >= fields.size()) {
        return fail(ErrorCode::kInvalid, "a count is missing");
    }
    return count_of(fields[index]);
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ",") + name;
    }
    return text;
}

Report collect_local(const std::filesystem::path& root, std::string_view host, store::Time now,
                     const DiskUsageReader& disk_usage) {
    Report report;
    report.batch.host = host;
    report.time = now;
    const KernelFiles files(root);
    BaseReport base(report);
    for (const Part& part : kParts) {
        if (const auto collected = part.collect(files, base); !collected) {
            base.warning(part.name, collected.error().message);
        }
    }
    if (const auto collected = collect_disk_usage(files, base, disk_usage); !collected) {
        base.warning("disk_usage", collected.error().message);
    }
    return report;
}

}  // namespace kurabe::collectors
