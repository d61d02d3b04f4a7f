// Splits columns at blanks and paths at dots.
#include "server/graphite/line.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "collectors/line_text.hpp"
#include "server/ip_network.hpp"

namespace kurabe::server::graphite {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::unexpected<Error> invalid(std::string message) {
    return fail(ErrorCode::kInvalid, std::move(message));
}

// Up to the next blank; empty when there is nothing left.
std::string_view take_column(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    const std::string_view column = line.substr(0, line.find_first_of(kBlanks));
    line.remove_prefix(column.size());
    return column;
}

std::string_view take_part(std::string_view& path) {
    const std::string_view part = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    return part;
}

bool is_nan(std::string_view value) {
    constexpr std::string_view kNan = "nan";
    return std::ranges::equal(value, kNan, [](char given, char lower) {
        return given == lower || given == lower - 'a' + 'A';
    });
}

bool has_empty_part(std::string_view path) noexcept {
    return path.front() == '.' || path.back() == '.' || path.contains("..");
}

// "servers.web1.load" -> "web1.load"
std::string_view without_prefix(std::string_view path, std::span<const std::string> prefixes) {
    const auto begins = [path](std::string_view prefix) {
        return path.size() > prefix.size() && path.starts_with(prefix) &&
               path[prefix.size()] == '.';
    };
    const auto found = std::ranges::find_if(prefixes, begins);
    return found == prefixes.end() ? path : path.substr(found->size() + 1);
}

// A name, or an address, which is four parts of a path.
std::string_view take_host(std::string_view& path) {
    std::string_view rest = path;
    for (int part = 0; part < 4; ++part) static_cast<void>(take_part(rest));
    const std::size_t dot = rest.empty() ? 0 : 1;
    const std::string_view address = path.substr(0, path.size() - rest.size() - dot);
    const bool is_numeric = address.find_first_not_of("0123456789.") == std::string_view::npos;
    if (!is_numeric || !IpAddress::parse(address)) return take_part(path);
    path = rest;
    return address;
}

Result<Sample> split_path(std::string_view path, std::span<const std::string> prefixes) {
    if (path.find(';') != std::string_view::npos) {
        return invalid("tags behind a ';' are not taken, only paths");
    }
    if (has_empty_part(path)) return invalid("a part of the path is empty");
    path = without_prefix(path, prefixes);
    Sample sample;
    sample.host = take_host(path);
    if (path.empty()) return invalid("the path needs two parts at least: HOST.NAME");
    sample.plugin = path.contains('.') ? take_part(path) : kPlugin;
    sample.key = fmt::format("{}.gauge", path);
    return sample;
}

Result<store::SampleTime> read_time(std::string_view epoch, store::SampleTime now) {
    if (epoch == "-1" || epoch == "N") return now;
    return collectors::parse_epoch(epoch);
}

}  // namespace

Result<Sample> parse_line(std::string_view line, store::SampleTime now,
                          std::span<const std::string> prefixes) {
    if (!collectors::is_utf8(line)) return invalid("the line is not UTF-8");
    const std::string_view path = take_column(line);
    const std::string_view value = take_column(line);
    const std::string_view epoch = take_column(line);
    if (epoch.empty() || !take_column(line).empty()) {
        return invalid("three columns are needed: PATH VALUE EPOCH");
    }
    auto sample = split_path(path, prefixes);
    if (!sample) return sample;
    const auto time = read_time(epoch, now);
    if (!time) return std::unexpected(time.error());
    sample->value = is_nan(value) ? "U" : value;
    sample->time = *time;
    return sample;
}

bool is_prefix(std::string_view text) noexcept {
    return !text.empty() && !has_empty_part(text) &&
           text.find_first_of(" \t\r\n;") == std::string_view::npos;
}

bool is_http(std::string_view line) noexcept {
    static_cast<void>(take_column(line));
    static_cast<void>(take_column(line));
    return take_column(line).starts_with("HTTP/");
}

}  // namespace kurabe::server::graphite
